// SPDX-License-Identifier: GPL-3.0-or-later
// One change of a page, with the fields that its kind has.
import { t, type MessageKey, hasMessage } from '../../../lib/i18n';
import { AreaField, SelectField, TextField } from '../../../ui/Field';
import type { WebChange } from '../state/document';
import { faultAt, type Fault } from '../state/editing';
import { fromLocal, toLocal } from '../../../lib/localTime';
import { emptied, FIELDS, PLACES, POSITIONS, retyped, TYPES, type ChangeField, type ChangeType } from './shapes';

interface ChangeFormProps {
    change: WebChange;
    here: string;
    faults: Fault[];
    onChange: (change: WebChange) => void;
}

const LONG: ChangeType[] = ['insert', 'banner', 'popin', 'html', 'script'];

function One({ field, change, here, faults, onChange }: ChangeFormProps & { field: ChangeField }) {
    const type = change.type as ChangeType;
    const own = `editor.change.${type}.${field}`;
    const label = t(hasMessage(own) ? own : (`editor.change.${field}` as MessageKey));
    const error = faultAt(faults, `${here}/${field}`);
    const put = (text: string) => onChange({ ...change, [field]: emptied(field, type, text) });
    if (field === 'position') {
        const none = type === 'html' ? [{ value: '', label: t('editor.position.inside') }] : [];
        return (
            <SelectField
                label={label}
                value={change.position ?? ''}
                error={error}
                options={[
                    ...none,
                    ...POSITIONS.map((value) => ({ value: value as string, label: t(`editor.position.${value}`) })),
                ]}
                onValue={(value) => onChange({ ...change, position: value || null })}
            />
        );
    }
    if (field === 'place') {
        return (
            <SelectField
                label={label}
                value={change.place ?? 'top'}
                error={error}
                options={PLACES.map((value) => ({ value, label: t(`editor.place.${value}`) }))}
                onValue={put}
            />
        );
    }
    if (field === 'end') {
        return (
            <TextField
                type="datetime-local"
                label={label}
                value={toLocal(change.end ?? null)}
                error={error}
                onValue={(value) => onChange({ ...change, end: fromLocal(value) })}
            />
        );
    }
    if (field === 'value' && LONG.includes(type))
        return <AreaField label={label} rows={3} value={change.value ?? ''} error={error} onValue={put} />;
    return (
        <TextField
            label={label}
            value={change[field] ?? ''}
            error={error}
            placeholder={field === 'selector' || field === 'target' ? '#buy-button' : ''}
            onValue={put}
        />
    );
}

export function ChangeForm(props: ChangeFormProps) {
    const { change, here, faults, onChange } = props;
    const type = change.type as ChangeType;
    return (
        <div class="columns change-form">
            <SelectField
                label={t('editor.change.type')}
                value={type}
                error={faultAt(faults, `${here}/type`)}
                options={TYPES.map((value) => ({ value, label: t(`editor.change.${value}.kind`) }))}
                onValue={(value) => onChange(retyped(change, value as ChangeType))}
            />
            {FIELDS[type].map((field) => (
                <One key={field} field={field} {...props} />
            ))}
        </div>
    );
}

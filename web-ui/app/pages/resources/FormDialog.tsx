// SPDX-License-Identifier: GPL-3.0-or-later
import { useState } from 'preact/hooks';
import { ApiError, SaidError, change } from '../../lib/api';
import { t } from '../../lib/i18n';
import { replaced } from '../../lib/patch';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { ErrorNote, errorText, toast } from '../../ui/feedback';
import { AreaField, CheckField, SelectField, SwitchField, TextField } from '../../ui/Field';
import { FilterField } from './FilterField';
import { bodyOf, draftOf, placeOf, type Draft, type Errors, type FormField, type Item } from './form';

const WHOLE = ['json', 'typed', 'condition'];

interface FieldProps {
    field: FormField;
    value: string | boolean;
    type: unknown; // of a typed one
    error: string | undefined;
    isLocked: boolean;
    onValue: (value: string | boolean) => void;
}

function FormControl({ field, value, type, error, isLocked, onValue }: FieldProps) {
    const label = field.about === undefined ? t(field.label) : t(field.label, { name: field.about });
    const shared = { label, hint: field.hint && t(field.hint), error, onValue };
    if (field.kind === 'condition') return <FilterField {...shared} value={String(value)} />;
    if (field.kind === 'typed' && type === 'boolean') return <SwitchField {...shared} checked={value === true} />;
    if (field.kind === 'typed' && type === 'json')
        return <AreaField {...shared} value={typeof value === 'string' ? value : ''} rows={3} />;
    if (field.kind === 'typed') return <TextField {...shared} value={typeof value === 'string' ? value : ''} />;
    if (field.kind === 'check') return <CheckField label={shared.label} checked={value === true} onValue={onValue} />;
    const text = String(value);
    if (field.kind === 'select') {
        const options = (field.options ?? []).map((option) => ({ value: option.value, label: t(option.label) }));
        return <SelectField {...shared} value={text} options={options} disabled={isLocked} />;
    }
    if (field.kind === 'area' || field.kind === 'json' || field.kind === 'list')
        return <AreaField {...shared} value={text} rows={3} />;
    return <TextField {...shared} value={text} disabled={isLocked} />;
}

/* A patch of the item: what is one value is replaced as one. */
const inPlace = (fields: FormField[], before: Item, body: Item, within = ''): Item =>
    Object.fromEntries(
        Object.entries(body).map(([name, value]) => {
            const place = within + name;
            if (fields.some((field) => field.name.startsWith(`${place}.`)))
                return [name, inPlace(fields, (before[name] as Item | null) ?? {}, value as Item, `${place}.`)];
            const kind = fields.find((field) => field.name === place)?.kind ?? '';
            return [name, WHOLE.includes(kind) ? replaced(before[name], value) : value];
        }),
    );

interface FormDialogProps {
    title: string;
    fields: FormField[];
    path: string; // of the collection, or of the item that is edited
    item?: Item;
    onClose: () => void;
    onDone: (made: Item) => void;
}

/* Makes an item or changes one; an edit is refused when somebody else was first. */
export function FormDialog({ title, fields, path, item, onClose, onDone }: FormDialogProps) {
    const [draft, setDraft] = useState<Draft>(() => draftOf(fields, item));
    const [errors, setErrors] = useState<Errors>({});
    const [said, setSaid] = useState('');
    const isNew = item === undefined;

    const refuse = (error: unknown) => {
        const place = error instanceof ApiError ? placeOf(fields, error) : '';
        const text = error instanceof ApiError && error.status === 412 ? t('error.stale') : errorText(error);
        setErrors(place ? { [place]: text } : {});
        setSaid(place ? '' : text);
    };
    const save = async () => {
        const { body, errors: found } = bodyOf(fields, draft, isNew);
        setErrors(found);
        setSaid('');
        if (Object.keys(found).length > 0) return;
        const etag = item?.['version'] === undefined ? null : `"${String(item['version'])}"`;
        try {
            const made = item
                ? await change<Item>('PATCH', path, inPlace(fields, item, body), etag)
                : await change<Item>('POST', path, body);
            toast(t('state.saved'));
            onDone(made.body);
        } catch (error) {
            refuse(error);
        }
    };
    const actions = (
        <>
            <Button onClick={onClose}>{t('action.cancel')}</Button>
            <Button look="primary" onClick={save}>
                {t(isNew ? 'action.create' : 'action.save')}
            </Button>
        </>
    );
    return (
        <Dialog title={title} onClose={onClose} actions={actions}>
            {fields
                .filter((field) => !(isNew && field.isLater) && (!field.when || field.when(draft)))
                .map((field) => (
                    <FormControl
                        key={field.name}
                        field={field}
                        value={draft[field.name] ?? ''}
                        type={field.typedBy && draft[field.typedBy]}
                        error={errors[field.name]}
                        isLocked={!isNew && Boolean(field.isOnce)}
                        onValue={(value) => setDraft((old) => ({ ...old, [field.name]: value }))}
                    />
                ))}
            {said && <ErrorNote error={new SaidError(said)} />}
        </Dialog>
    );
}

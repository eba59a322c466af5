// SPDX-License-Identifier: GPL-3.0-or-later
import { useState } from 'preact/hooks';
import { ApiError, change } from '../../lib/api';
import { t } from '../../lib/i18n';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { errorText, toast } from '../../ui/feedback';
import { AreaField, CheckField, SelectField, TextField } from '../../ui/Field';
import { bodyOf, draftOf, placeOf, type Draft, type Errors, type FormField, type Item } from './form';

interface FieldProps {
    field: FormField;
    value: string | boolean;
    error: string | undefined;
    isLocked: boolean;
    onValue: (value: string | boolean) => void;
}

function FormControl({ field, value, error, isLocked, onValue }: FieldProps) {
    const label = field.about === undefined ? t(field.label) : t(field.label, { name: field.about });
    const shared = { label, hint: field.hint && t(field.hint), error, onValue };
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
            const made = await change<Item>(isNew ? 'POST' : 'PATCH', path, body, isNew ? null : etag);
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
                        error={errors[field.name]}
                        isLocked={!isNew && Boolean(field.isOnce)}
                        onValue={(value) => setDraft((old) => ({ ...old, [field.name]: value }))}
                    />
                ))}
            {said && (
                <p class="note note-bad" role="alert">
                    {said}
                </p>
            )}
        </Dialog>
    );
}

// SPDX-License-Identifier: GPL-3.0-or-later
// A new flag without leaving the campaign.
import { useState } from 'preact/hooks';
import { ApiError, change } from '../../lib/api';
import { t } from '../../lib/i18n';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { errorText, toast } from '../../ui/feedback';
import { SelectField, TextField } from '../../ui/Field';

const TYPES = ['string', 'boolean', 'number', 'json'] as const;

/* The value as its type has it; a text that is none is left for the server to refuse. */
function typed(type: string, text: string): unknown {
    if (type === 'string') return text;
    try {
        return JSON.parse(text.trim().replace(',', type === 'number' ? '.' : ',')) as unknown;
    } catch {
        return text;
    }
}

export function NewFlag({ onClose, onMade }: { onClose: () => void; onMade: () => Promise<void> }) {
    const [key, setKey] = useState('');
    const [type, setType] = useState('string');
    const [initial, setInitial] = useState('');
    const [error, setError] = useState<ApiError | null>(null);
    const at = (pointer: string) => (error?.pointer === pointer ? error.message : undefined);
    const make = async () => {
        try {
            await change('POST', '/flags', { key, type, default: typed(type, type === 'boolean' && !initial ? 'false' : initial) });
            await onMade();
            toast(t('editor.flags.made', { key }));
            onClose();
        } catch (cause) {
            setError(cause as ApiError);
        }
    };
    const actions = (
        <>
            <Button onClick={onClose}>{t('action.cancel')}</Button>
            <Button look="primary" onClick={make}>{t('action.create')}</Button>
        </>
    );
    const isBoolean = type === 'boolean';
    return (
        <Dialog title={t('editor.flags.new')} onClose={onClose} actions={actions}>
            <TextField label={t('editor.flags.key')} hint={t('editor.flags.key.hint')} value={key} error={at('/key')} onValue={setKey} />
            <SelectField label={t('editor.flags.type')} value={type} options={TYPES.map((value) => ({ value, label: t(`editor.type.${value}`) }))} error={at('/type')} onValue={setType} />
            {isBoolean
                ? <SelectField label={t('editor.flags.default')} value={initial || 'false'} error={at('/default')} onValue={setInitial}
                    options={[{ value: 'false', label: t('state.no') }, { value: 'true', label: t('state.yes') }]} />
                : <TextField label={t('editor.flags.default')} hint={t('editor.flags.default.hint')} value={initial} error={at('/default')} onValue={setInitial} />}
            {error && !['/key', '/type', '/default'].includes(error.pointer) && <p class="note note-bad" role="alert">{errorText(error)}</p>}
        </Dialog>
    );
}

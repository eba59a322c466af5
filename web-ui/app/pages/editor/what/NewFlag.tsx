// SPDX-License-Identifier: GPL-3.0-or-later
// A new flag without leaving the campaign.
import { useState } from 'preact/hooks';
import { ApiError, change } from '../../../lib/api';
import { t } from '../../../lib/i18n';
import { Button } from '../../../ui/Button';
import { Dialog } from '../../../ui/Dialog';
import { errorText, toast } from '../../../ui/feedback';
import { SelectField, SwitchField, TextField } from '../../../ui/Field';

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

interface InitialProps {
    isBoolean: boolean;
    value: string;
    error: string | undefined;
    onValue: (value: string) => void;
}

function Initial({ isBoolean, value, error, onValue }: InitialProps) {
    const label = t('editor.flags.default');
    if (!isBoolean) {
        const hint = t('editor.flags.default.hint');
        return <TextField label={label} hint={hint} value={value} error={error} onValue={onValue} />;
    }
    const isOn = value === 'true';
    return <SwitchField label={label} checked={isOn} error={error} onValue={(next) => onValue(String(next))} />;
}

export function NewFlag({ onClose, onMade }: { onClose: () => void; onMade: () => Promise<void> }) {
    const [key, setKey] = useState('');
    const [type, setType] = useState('string');
    const [initial, setInitial] = useState('');
    const [error, setError] = useState<ApiError | null>(null);
    const at = (pointer: string) => (error?.pointer === pointer ? error.message : undefined);
    const make = async () => {
        try {
            await change('POST', '/flags', {
                key,
                type,
                default: typed(type, type === 'boolean' && !initial ? 'false' : initial),
            });
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
            <Button look="primary" onClick={make}>
                {t('action.create')}
            </Button>
        </>
    );
    return (
        <Dialog title={t('editor.flags.new')} onClose={onClose} actions={actions}>
            <TextField
                label={t('editor.flags.key')}
                hint={t('editor.flags.key.hint')}
                value={key}
                error={at('/key')}
                onValue={setKey}
            />
            <SelectField
                label={t('editor.flags.type')}
                value={type}
                options={TYPES.map((value) => ({ value, label: t(`editor.type.${value}`) }))}
                error={at('/type')}
                onValue={setType}
            />
            <Initial isBoolean={type === 'boolean'} value={initial} error={at('/default')} onValue={setInitial} />
            {error && !['/key', '/type', '/default'].includes(error.pointer) && (
                <p class="note note-bad" role="alert">
                    {errorText(error)}
                </p>
            )}
        </Dialog>
    );
}

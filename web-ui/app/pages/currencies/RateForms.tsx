// SPDX-License-Identifier: GPL-3.0-or-later
// Two ways to put rates in: a file, or one rate.
import { useState } from 'preact/hooks';
import { ApiError, change } from '../../lib/api';
import { t } from '../../lib/i18n';
import { Button } from '../../ui/Button';
import { errorText, toast } from '../../ui/feedback';
import { Field, TextField } from '../../ui/Field';
import type { PutReply } from './rates';

interface FormProps {
    currency: string; // the environment's
    reload: () => Promise<void>;
}

function doneText({ rate_count, changed_count, unknown_count, unused_count }: PutReply): string {
    const said = [t('currencies.done', { count: rate_count, changed: changed_count })];
    if (unknown_count > 0) said.push(t('currencies.unknown', { count: unknown_count }));
    if (unused_count > 0) said.push(t('currencies.unused', { count: unused_count }));
    return said.join(' ');
}

export function FileForm({ reload }: FormProps) {
    const [said, setSaid] = useState('');
    const [error, setError] = useState('');
    const read = async (input: HTMLInputElement) => {
        const [file] = input.files ?? [];
        setSaid('');
        setError('');
        if (!file) return;
        try {
            const reply = await change<PutReply>('PUT', '/currency-rates', { file: await file.text() });
            setSaid(doneText(reply.body));
            await reload();
        } catch (cause) {
            setError(errorText(cause));
        }
        input.value = '';
    };
    return (
        <section class="card stack" aria-label={t('currencies.file')}>
            <h2>{t('currencies.file')}</h2>
            <p class="soft small">{t('currencies.file.text')}</p>
            <Field label={t('currencies.file.choose')} error={error || undefined}>
                {(control) => (
                    <input
                        {...control}
                        type="file"
                        accept=".csv,.xml,.txt,text/csv,text/xml,application/xml"
                        onChange={(event) => void read(event.currentTarget)}
                    />
                )}
            </Field>
            {said && (
                <p class="note" role="status">
                    {said}
                </p>
            )}
        </section>
    );
}

const EMPTY = { day: '', currency: '', rate: '' };
const placeOf = (error: unknown): string =>
    error instanceof ApiError ? (/^\/rates\/0\/(day|currency|rate)$/.exec(error.pointer)?.[1] ?? '') : '';

export function OneForm({ currency, reload }: FormProps) {
    const [typed, setTyped] = useState(EMPTY);
    const [error, setError] = useState<unknown>(null);
    const set = (name: keyof typeof EMPTY) => (value: string) => setTyped({ ...typed, [name]: value });
    const save = async (event: Event) => {
        event.preventDefault();
        setError(null);
        try {
            await change<PutReply>('PUT', '/currency-rates', {
                rates: [{ ...typed, rate: typed.rate.replace(',', '.') }],
            });
            toast(t('state.saved'));
            setTyped({ ...typed, rate: '' });
            await reload();
        } catch (cause) {
            setError(cause);
        }
    };
    const place = placeOf(error);
    const errorAt = (name: string) => (place === name ? errorText(error) : undefined);
    return (
        <section class="card stack" aria-label={t('currencies.one')}>
            <h2>{t('currencies.one')}</h2>
            <form class="stack" onSubmit={save}>
                <TextField
                    label={t('currencies.day')}
                    type="date"
                    value={typed.day}
                    onValue={set('day')}
                    error={errorAt('day')}
                />
                <TextField
                    label={t('currencies.currency')}
                    value={typed.currency}
                    onValue={set('currency')}
                    placeholder="USD"
                    error={errorAt('currency')}
                />
                <TextField
                    label={t('currencies.rate', { currency })}
                    value={typed.rate}
                    onValue={set('rate')}
                    placeholder="1.0853"
                    hint={t('currencies.rate.hint', { currency })}
                    error={errorAt('rate')}
                />
                {error !== null && !place && (
                    <p class="message" role="alert">
                        {errorText(error)}
                    </p>
                )}
                <div>
                    <Button look="primary" type="submit">
                        {t('currencies.put')}
                    </Button>
                </div>
            </form>
        </section>
    );
}

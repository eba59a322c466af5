// SPDX-License-Identifier: GPL-3.0-or-later
// What the dialogs of the second factor share.
import { ApiError } from '../../lib/api';
import { t } from '../../lib/i18n';
import { errorText } from '../../ui/feedback';
import { TextField } from '../../ui/Field';

export type FactorErrors = Partial<Record<'old_password' | 'code' | 'form', string>>;

export function factorErrors(error: unknown): FactorErrors {
    if (!(error instanceof ApiError)) return { form: errorText(error) };
    if (error.status === 429) return { form: t('signIn.code.limited') };
    if (error.pointer === '/old_password') return { old_password: t('account.wrongOld') };
    if (error.pointer === '/code') return { code: t('signIn.code.wrong') };
    if (error.status === 409) return { form: t('factor.unset') };
    return { form: errorText(error) };
}

interface PartProps {
    value: string;
    onValue: (value: string) => void;
    error?: string | undefined;
    hint?: string;
}

export function CodeField(props: PartProps) {
    return <TextField label={t('signIn.code')} autocomplete="one-time-code" {...props} />;
}

export function OldPassword(props: PartProps) {
    return <TextField label={t('account.old')} type="password" autocomplete="current-password" {...props} />;
}

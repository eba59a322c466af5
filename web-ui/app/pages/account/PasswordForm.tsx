// SPDX-License-Identifier: GPL-3.0-or-later
// Sets or changes one's own e-mail address and password.
import { useState } from 'preact/hooks';
import { ApiError, change } from '../../lib/api';
import { t } from '../../lib/i18n';
import { useSession } from '../../lib/session';
import { Button } from '../../ui/Button';
import { errorText, toast } from '../../ui/feedback';
import { TextField } from '../../ui/Field';

export const PASSWORD_MIN = 10;

type Place = 'email' | 'password' | 'old_password' | 'again' | 'form';
type Errors = Partial<Record<Place, string>>;
const PLACES: Place[] = ['email', 'password', 'old_password'];

interface Draft {
    email: string;
    password: string;
    again: string;
    old: string;
}

function missing(draft: Draft, needsPassword: boolean, needsOld: boolean): Errors {
    const errors: Errors = {};
    if (!draft.email.trim()) errors.email = t('error.required');
    if (needsPassword && !draft.password) errors.password = t('error.required');
    else if (draft.password && draft.password.length < PASSWORD_MIN)
        errors.password = t('account.tooShort', { count: PASSWORD_MIN });
    else if (draft.password !== draft.again) errors.again = t('account.differs');
    if (needsOld && !draft.old) errors.old_password = t('error.required');
    return errors;
}

function refused(error: unknown): Errors {
    const place = PLACES.find((name) => error instanceof ApiError && error.pointer === `/${name}`);
    return { [place ?? 'form']: place === 'old_password' ? t('account.wrongOld') : errorText(error) };
}

interface FieldsProps {
    draft: Draft;
    errors: Errors;
    hasPassword: boolean;
    put: (part: Partial<Draft>) => void;
}

function Fields({ draft, errors, hasPassword, put }: FieldsProps) {
    return (
        <>
            <TextField
                label={t('people.email')}
                type="email"
                autocomplete="username"
                value={draft.email}
                error={errors.email}
                hint={t('account.email.hint')}
                onValue={(email) => put({ email })}
            />
            <TextField
                label={t('account.new')}
                type="password"
                autocomplete="new-password"
                value={draft.password}
                error={errors.password}
                hint={t('account.new.hint', { count: PASSWORD_MIN })}
                onValue={(password) => put({ password })}
            />
            <TextField
                label={t('account.again')}
                type="password"
                autocomplete="new-password"
                value={draft.again}
                error={errors.again}
                onValue={(again) => put({ again })}
            />
            {hasPassword && (
                <TextField
                    label={t('account.old')}
                    type="password"
                    autocomplete="current-password"
                    value={draft.old}
                    error={errors.old_password}
                    hint={t('account.old.hint')}
                    onValue={(old) => put({ old })}
                />
            )}
        </>
    );
}

/* What is sent: an address that stays is left out, unless it is all there is to send. */
function bodyOf(draft: Draft, known: string | undefined, hasPassword: boolean): Record<string, string> {
    const email = draft.email.trim();
    return {
        ...(email === known && draft.password ? {} : { email }),
        ...(draft.password ? { password: draft.password } : {}),
        ...(hasPassword ? { old_password: draft.old } : {}),
    };
}

export function PasswordForm({ onDone }: { onDone?: () => void }) {
    const { user, reload } = useSession();
    const hasPassword = user?.has_password === true;
    const begun: Draft = { email: user?.email ?? '', password: '', again: '', old: '' };
    const [draft, setDraft] = useState(begun);
    const [errors, setErrors] = useState<Errors>({});
    const put = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));

    const save = async () => {
        const found = missing(draft, !hasPassword, hasPassword);
        setErrors(found);
        if (Object.keys(found).length > 0) return;
        const email = draft.email.trim();
        try {
            await change('PATCH', '/account', bodyOf(draft, user?.email ?? undefined, hasPassword));
            await reload();
            setDraft({ email, password: '', again: '', old: '' });
            toast(t('state.saved'));
            onDone?.();
        } catch (error) {
            setErrors(refused(error));
        }
    };
    const submit = (event: Event) => {
        event.preventDefault();
        return save();
    };
    return (
        <form
            class="card stack"
            onSubmit={submit}
            noValidate
            aria-label={t(hasPassword ? 'account.change' : 'account.set')}
        >
            {errors.form && (
                <p class="note note-bad" role="alert">
                    {errors.form}
                </p>
            )}
            <Fields draft={draft} errors={errors} hasPassword={hasPassword} put={put} />
            <div class="row">
                <Button look="primary" type="submit">
                    {t(hasPassword ? 'action.save' : 'account.set')}
                </Button>
            </div>
        </form>
    );
}

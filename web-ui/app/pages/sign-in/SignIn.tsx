// SPDX-License-Identifier: GPL-3.0-or-later
import { useEffect, useState } from 'preact/hooks';
import { ApiError, change } from '../../lib/api';
import { t } from '../../lib/i18n';
import { Button } from '../../ui/Button';
import { errorText } from '../../ui/feedback';
import { TextField } from '../../ui/Field';

interface SignInProps {
    onSignedIn: () => Promise<void>;
}

function errorsOf(error: unknown): { email?: string; password?: string; form?: string } {
    const place = error instanceof ApiError ? error.pointer.slice(1) : '';
    if (place === 'email' || place === 'password') return { [place]: errorText(error) };
    if (error instanceof ApiError && error.status === 401) return { form: t('signIn.wrong') };
    if (error instanceof ApiError && error.status === 429) return { form: t('signIn.limited') };
    return { form: errorText(error) };
}

function SignInForm({ onSignedIn }: SignInProps) {
    const [email, setEmail] = useState('');
    const [password, setPassword] = useState('');
    const [errors, setErrors] = useState<ReturnType<typeof errorsOf>>({});
    const [isBusy, setBusy] = useState(false);
    const send = async (event: Event) => {
        event.preventDefault();
        if (isBusy) return;
        const missing = {
            ...(email.trim() ? {} : { email: t('error.required') }),
            ...(password ? {} : { password: t('error.required') }),
        };
        setErrors(missing);
        if (Object.keys(missing).length > 0) return;
        setBusy(true);
        try {
            await change('POST', '/login', { email: email.trim(), password });
            await onSignedIn();
        } catch (error) {
            setErrors(errorsOf(error));
        } finally {
            setBusy(false);
        }
    };
    return (
        <form class="card stack" onSubmit={send} noValidate aria-label={t('signIn.title')}>
            {errors.form && (
                <p class="note note-bad" role="alert">
                    {errors.form}
                </p>
            )}
            <TextField
                label={t('people.email')}
                type="email"
                autocomplete="username"
                value={email}
                onValue={setEmail}
                error={errors.email}
            />
            <TextField
                label={t('people.password')}
                type="password"
                autocomplete="current-password"
                value={password}
                onValue={setPassword}
                error={errors.password}
            />
            <Button look="primary" type="submit" aria-busy={isBusy}>
                {t('signIn.title')}
            </Button>
        </form>
    );
}

export function SignIn({ onSignedIn }: SignInProps) {
    useEffect(() => {
        document.title = `${t('signIn.title')} · ${t('app.name')}`;
    }, []);
    return (
        <main class="main sign-in">
            <div class="stack">
                <header class="stack-small">
                    <div class="brand">{t('app.name')}</div>
                    <h1>{t('signIn.title')}</h1>
                    <p class="soft">{t('signIn.intro')}</p>
                </header>
                <SignInForm onSignedIn={onSignedIn} />
                <details>
                    <summary>{t('signIn.help')}</summary>
                    <div class="stack-small sign-in-help">
                        <p class="soft">{t('signIn.link')}</p>
                        <pre class="code" tabIndex={0}>
                            mete login-link
                        </pre>
                    </div>
                </details>
            </div>
        </main>
    );
}

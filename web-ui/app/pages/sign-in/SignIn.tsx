// SPDX-License-Identifier: GPL-3.0-or-later
import { useEffect, useState } from 'preact/hooks';
import { ApiError, change } from '../../lib/api';
import { t, type MessageKey } from '../../lib/i18n';
import { useQuery } from '../../lib/query';
import { Button } from '../../ui/Button';
import { errorText } from '../../ui/feedback';
import { TextField } from '../../ui/Field';

const REFUSALS: Record<string, MessageKey> = {
    away: 'signIn.provider.away',
    refused: 'signIn.provider.refused',
    stale: 'signIn.provider.stale',
    unknown: 'signIn.provider.unknown',
    unverified: 'signIn.provider.unverified',
};

interface SignInProps {
    onSignedIn: () => Promise<void>;
}

type Errors = Partial<Record<'email' | 'password' | 'code' | 'form', string>>;

/* The code of a second factor was asked for, or is wrong. */
const isAboutCode = (error: unknown) => error instanceof ApiError && error.pointer === '/code';

function errorsOf(error: unknown, hasCode: boolean): Errors {
    const place = error instanceof ApiError ? error.pointer.slice(1) : '';
    const status = error instanceof ApiError ? error.status : 0;
    if (place === 'email' || place === 'password') return { [place]: errorText(error) };
    if (place === 'code' && status === 401) return hasCode ? { code: t('signIn.code.wrong') } : {};
    if (place === 'code' && status === 503) return { code: t('signIn.code.unreadable') };
    if (status === 401) return { form: t('signIn.wrong') };
    if (status === 429) return { form: t(hasCode ? 'signIn.code.limited' : 'signIn.limited') };
    return { form: errorText(error) };
}

/* What is typed, what is wrong with it, and sending it. */
function useSignIn({ onSignedIn }: SignInProps) {
    const [email, setEmail] = useState('');
    const [password, setPassword] = useState('');
    const [code, setCode] = useState('');
    const [wantsCode, setWantsCode] = useState(false);
    const [errors, setErrors] = useState<Errors>({});
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
            const given = wantsCode ? { code: code.trim() } : {};
            await change('POST', '/login', { email: email.trim(), password, ...given });
            await onSignedIn();
        } catch (error) {
            if (isAboutCode(error)) setWantsCode(true);
            setErrors(errorsOf(error, wantsCode && code.trim() !== ''));
        } finally {
            setBusy(false);
        }
    };
    return { email, setEmail, password, setPassword, code, setCode, wantsCode, errors, isBusy, send };
}

function SignInForm(props: SignInProps) {
    const { email, setEmail, password, setPassword, code, setCode, wantsCode, errors, isBusy, send } = useSignIn(props);
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
            {wantsCode && (
                <TextField
                    label={t('signIn.code')}
                    autocomplete="one-time-code"
                    value={code}
                    onValue={setCode}
                    error={errors.code}
                    hint={t('signIn.code.hint')}
                />
            )}
            <Button look="primary" type="submit" aria-busy={isBusy}>
                {t('signIn.title')}
            </Button>
        </form>
    );
}

/* Why the provider's way led back here; the address is then as if nobody had tried. */
function useRefusal(): string | null {
    const [reason] = useState(() => new URLSearchParams(location.search).get('sign_in'));
    useEffect(() => {
        if (reason !== null) history.replaceState(null, '', location.pathname);
    }, [reason]);
    return reason === null ? null : t(REFUSALS[reason] ?? 'signIn.provider.refused');
}

/* A plain link: it leads to another site. */
function ProviderLink() {
    const { data } = useQuery<{ provider: { name: string } | null }>('/sign-in');
    const refusal = useRefusal();
    if (!data?.provider && !refusal) return null;
    return (
        <>
            {refusal && (
                <p class="note note-bad" role="alert">
                    {refusal}
                </p>
            )}
            {data?.provider && (
                <a class="button" href="/sign-in/provider">
                    {data.provider.name
                        ? t('signIn.provider', { name: data.provider.name })
                        : t('signIn.provider.unnamed')}
                </a>
            )}
        </>
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
                <ProviderLink />
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

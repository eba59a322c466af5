// SPDX-License-Identifier: GPL-3.0-or-later
import type { ComponentType } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Shell } from './Shell';
import { change, setEnvironment } from './lib/api';
import { t } from './lib/i18n';
import { forgetQueries, useQuery } from './lib/query';
import {
    addressIn,
    environmentOf,
    matchPath,
    navigate,
    setAddressEnvironment,
    usePath,
    type PageProps,
} from './lib/router';
import { SessionContext, type Session, type SessionView } from './lib/session';
import { pages } from './pages';
import { SignIn } from './pages/sign-in/SignIn';
import { Button, ButtonLink } from './ui/Button';
import { Empty, ErrorNote, Skeleton, Toasts } from './ui/feedback';

const STORED_ENVIRONMENT = 'mete.environment';

function CurrentPage() {
    const { path } = usePath();
    const [loaded, setLoaded] = useState<{ pattern: string; Component: ComponentType<PageProps> } | null>(null);
    const [error, setError] = useState<unknown>(null);
    const found = pages.find(({ pattern }) => matchPath(pattern, path));
    useEffect(() => {
        let isWanted = true;
        setError(null);
        found?.load().then(
            ({ default: Component }) => isWanted && setLoaded({ pattern: found.pattern, Component }),
            (cause) => isWanted && setError(cause),
        );
        return () => void (isWanted = false);
    }, [found]);
    if (!found) return <Empty title={t('error.notFound')} />;
    if (error) return <ErrorNote error={error} onRetry={() => location.reload()} />;
    if (loaded?.pattern !== found.pattern) return <Skeleton />;
    return <loaded.Component key={path} params={matchPath(found.pattern, path) ?? {}} />;
}

/* All environments are closed to whoever has signed in. */
function NothingOpen({ view, reload }: { view: SessionView; reload: () => Promise<void> }) {
    const leave = async () => {
        await change('POST', '/logout');
        forgetQueries();
        await reload();
    };
    return (
        <main class="main">
            <Empty
                title={t('app.closed')}
                action={
                    <Button look="primary" onClick={leave}>
                        {t('app.signOut')}
                    </Button>
                }
            >
                {t('app.closed.text', { email: view.user?.email ?? '' })}
            </Empty>
        </main>
    );
}

function SignedIn({ view, reload }: { view: SessionView; reload: () => Promise<void> }) {
    const named = environmentOf(usePath().search);
    const find = (wanted: string | null) => view.environments.find(({ key }) => key === wanted);
    const environment = find(named) ?? find(localStorage.getItem(STORED_ENVIRONMENT)) ?? view.environments[0];
    const isUnknown = named !== null && !find(named);
    const isOneOfMany = view.environments.length > 1;
    setAddressEnvironment(isOneOfMany ? (environment?.key ?? null) : null);
    useEffect(() => {
        if (isOneOfMany && !named) navigate(location.pathname + location.search, { replace: true });
    }, [isOneOfMany, named]);
    const session = useMemo<Session | null>(() => {
        if (!environment) return null;
        return {
            ...view,
            environment,
            reload,
            chooseEnvironment: (key) => {
                localStorage.setItem(STORED_ENVIRONMENT, key);
                navigate(addressIn(key));
            },
            signOut: async () => {
                await change('POST', '/logout');
                forgetQueries();
                await reload();
            },
        };
    }, [view, environment, reload]);
    setEnvironment(environment?.key ?? null);
    if (!session) return <NothingOpen view={view} reload={reload} />;
    return (
        <SessionContext.Provider value={session}>
            <Shell>
                {isUnknown ? (
                    <Empty
                        title={t('app.environment.unknown', { key: named })}
                        action={
                            <ButtonLink to="/">
                                {t('app.environment.other', { name: session.environment.name })}
                            </ButtonLink>
                        }
                    />
                ) : (
                    <CurrentPage key={environment?.key} />
                )}
            </Shell>
            <Toasts />
        </SessionContext.Provider>
    );
}

/* Of a share link; the page's code comes with it. */
function Shared({ token }: { token: string }) {
    const [Page, setPage] = useState<ComponentType<{ token: string }> | null>(null);
    useEffect(() => void import('./pages/share/SharedPage').then(({ default: loaded }) => setPage(() => loaded)), []);
    return Page ? <Page token={token} /> : <Skeleton />;
}

/* Where the site hands over what was pointed at; needs nobody signed in. */
function Picked() {
    const [Page, setPage] = useState<ComponentType | null>(null);
    useEffect(() => void import('./pages/picked/PickedPage').then(({ default: loaded }) => setPage(() => loaded)), []);
    return Page ? <Page /> : <Skeleton />;
}

export function App() {
    if (location.pathname === '/app/picked') return <Picked />;
    const shared = matchPath('/shared/:token', location.pathname);
    return shared ? <Shared token={shared['token'] ?? ''} /> : <WhoeverItIs />;
}

function WhoeverItIs() {
    const session = useQuery<SessionView>('/session');
    if (session.error?.status === 401) return <SignIn onSignedIn={session.reload} />;
    if (session.data) return <SignedIn view={session.data} reload={session.reload} />;
    return session.error ? <ErrorNote error={session.error} onRetry={session.reload} /> : <Skeleton />;
}

// SPDX-License-Identifier: GPL-3.0-or-later
// One's own address, password and open sessions.
import { useState } from 'preact/hooks';
import { change } from '../../lib/api';
import { formatAgo, t } from '../../lib/i18n';
import { forgetQueries, useQuery } from '../../lib/query';
import { useSession } from '../../lib/session';
import { Button } from '../../ui/Button';
import { Confirm } from '../../ui/Dialog';
import { ErrorNote, Loaded } from '../../ui/feedback';
import { Badge, Facts, Page } from '../../ui/parts';
import { PasswordForm } from './PasswordForm';
import { SecondFactor } from './SecondFactor';

interface OpenSession {
    id: number;
    agent: string;
    created_at: string;
    seen_at: string;
    is_current: boolean;
}

function SessionRow({ session, onEnded }: { session: OpenSession; onEnded: () => Promise<void> }) {
    const [error, setError] = useState<unknown>(null);
    const name = session.agent || t('account.unknownAgent');
    const end = async () => {
        try {
            await change('DELETE', `/sessions/${session.id}`);
            await onEnded();
        } catch (cause) {
            setError(cause);
        }
    };
    return (
        <li class="row spread">
            <div>
                <div class="strong">{name}</div>
                <div class="small soft">
                    {t('account.session.times', {
                        seen: formatAgo(session.seen_at),
                        opened: formatAgo(session.created_at),
                    })}
                </div>
                {error !== null && <ErrorNote error={error} />}
            </div>
            {session.is_current ? (
                <Badge tone="good">{t('account.session.this')}</Badge>
            ) : (
                <Button onClick={end} aria-label={t('account.session.end', { name })}>
                    {t('app.signOut')}
                </Button>
            )}
        </li>
    );
}

function Sessions() {
    const query = useQuery<{ items: OpenSession[] }>('/sessions');
    const { reload } = useSession();
    const [isAsking, setAsking] = useState(false);
    const endAll = async () => {
        await change('DELETE', '/sessions');
        forgetQueries();
        await reload();
    };
    return (
        <section class="card stack" aria-label={t('account.sessions')}>
            <div class="row spread">
                <h2>{t('account.sessions')}</h2>
                <Button look="danger" onClick={() => setAsking(true)}>
                    {t('account.everywhere')}
                </Button>
            </div>
            <Loaded query={query} lines={3}>
                {({ items }) => (
                    <ul class="stack">
                        {items.map((session) => (
                            <SessionRow key={session.id} session={session} onEnded={query.reload} />
                        ))}
                    </ul>
                )}
            </Loaded>
            {isAsking && (
                <Confirm
                    title={t('account.everywhere')}
                    text={t('account.everywhere.text')}
                    action={t('account.everywhere')}
                    isDangerous
                    onConfirm={endAll}
                    onClose={() => setAsking(false)}
                />
            )}
        </section>
    );
}

export default function Account() {
    const { user, environment } = useSession();
    if (!user) return null;
    const facts = [
        { label: t('people.email'), value: user.email },
        { label: t('people.role'), value: t(`role.${environment.role}`) },
    ];
    return (
        <Page title={t('account.title')} isNarrow>
            <div class="card">
                <Facts facts={facts} />
            </div>
            <h2>{t(user.has_password ? 'account.change' : 'account.set')}</h2>
            <PasswordForm />
            <SecondFactor />
            <Sessions />
        </Page>
    );
}

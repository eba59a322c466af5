// SPDX-License-Identifier: GPL-3.0-or-later
// How many visitors and how long, or what can be seen with those there are.
import { t } from '../../lib/i18n';
import { useQuery } from '../../lib/query';
import { navigate, usePath } from '../../lib/router';
import { Button } from '../../ui/Button';
import { errorText, Loaded, toast } from '../../ui/feedback';
import { Page } from '../../ui/parts';
import { Answer } from './Answer';
import { Inputs } from './Inputs';
import { useAnswer } from './useAnswer';
import { bodyOf, readWish, writeWish, type Metric, type Wish } from './wish';

const SHOWN = [
    '/rate',
    '/mean',
    '/sd',
    '/uplift',
    '/days',
    '/daily',
    '/coverage',
    '/variants',
    '/confidence',
    '/power',
    '/looks',
];

function Plan({ metrics }: { metrics: Metric[] }) {
    const { search } = usePath();
    const wish = readWish(search, metrics);
    const body = bodyOf(wish);
    const { found, error } = useAnswer(body);
    const onWish = (part: Partial<Wish>) =>
        navigate(writeWish({ ...readWish(new URLSearchParams(location.search), metrics), ...part }), { replace: true });
    const isPlain = error && !SHOWN.includes(error.pointer);
    return (
        <div class="planner">
            <Inputs wish={wish} metrics={metrics} measured={found?.measured ?? null} error={error} onWish={onWish} />
            <div class="stack" aria-live="polite">
                {isPlain && (
                    <p class="note note-warn" role="alert">
                        {errorText(error)}
                    </p>
                )}
                {body && found?.plan && <Answer wish={wish} reply={found} plan={found.plan} />}
                {(!body || (found && !found.plan)) && <p class="card soft">{t('planner.missing')}</p>}
            </div>
        </div>
    );
}

export default function Planner() {
    const query = useQuery<{ items: Metric[] }>('/metrics?limit=500');
    const copy = () => navigator.clipboard.writeText(location.href).then(() => toast(t('action.copied')));
    return (
        <Page title={t('nav.planner')} actions={<Button onClick={copy}>{t('planner.share')}</Button>}>
            <Loaded query={query}>{({ items }) => <Plan metrics={items} />}</Loaded>
        </Page>
    );
}

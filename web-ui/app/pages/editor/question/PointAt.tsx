// SPDX-License-Identifier: GPL-3.0-or-later
// What a goal counts is pointed at on the site itself: a signed link opens it, and what is clicked comes back here.
import { useEffect, useState } from 'preact/hooks';
import { change } from '../../../lib/api';
import { t } from '../../../lib/i18n';
import { Button } from '../../../ui/Button';
import { ErrorNote } from '../../../ui/feedback';
import { TextField } from '../../../ui/Field';
import { isHere, startWaiting, takePicked, watchPicked, type Picked } from '../../picked/waiting';
import { previewLink, useSitePage } from '../state/sitePage';

const DAYS = 1;

interface Made {
    links: { token: string; is_control: boolean }[];
}

/* The site has no hold on this tab. */
const openApart = (link: string) => window.open(link, '_blank', 'noopener,noreferrer');

async function makeLink(path: string, page: string): Promise<string> {
    const { links } = (await change<Made>('POST', `${path}/previews`, { days: DAYS })).body;
    const { token } = links.find(({ is_control }) => is_control) ?? (links[0] as Made['links'][number]);
    return previewLink(page, `${token},@${startWaiting()}@${location.origin}`) ?? '';
}

function Closed({ came, onOpen }: { came: boolean; onOpen: () => void }) {
    return (
        <div class="stack-small">
            <div>
                <Button onClick={onOpen}>{t('editor.goal.point')}</Button>
            </div>
            {came && (
                <p class="soft" role="status">
                    {t('editor.goal.point.came')}
                </p>
            )}
        </div>
    );
}

export function PointAt({ path, onPicked }: { path: string; onPicked: (picked: Picked) => void }) {
    const [page, onPage] = useSitePage();
    const [isOpen, setOpen] = useState(false);
    const [link, setLink] = useState<string | null>(null);
    const [came, setCame] = useState(false);
    const [error, setError] = useState<unknown>(null);
    const isRight = previewLink(page, 'x') !== null;
    const take = () => {
        const picked = takePicked(isHere);
        if (!picked) return;
        onPicked(picked);
        setLink(null);
        setOpen(false);
        setCame(true);
    };
    useEffect(() => watchPicked(take), [onPicked]);
    const start = async () => {
        setError(null);
        setCame(false);
        try {
            const made = await makeLink(path, page);
            setLink(made);
            openApart(made);
        } catch (cause) {
            setError(cause);
        }
    };
    if (!isOpen) return <Closed came={came} onOpen={() => setOpen(true)} />;
    return (
        <div class="stack-small">
            <p class="small soft">{t('editor.goal.point.text')}</p>
            <TextField
                label={t('editor.qa.page')}
                placeholder="https://shop.example/"
                value={page}
                error={page !== '' && !isRight ? t('editor.error.url') : undefined}
                onValue={onPage}
            />
            <div class="row">
                {link ? (
                    <a class="qa-link" href={link} target="_blank" rel="noopener noreferrer">
                        {t('editor.goal.point.again')}
                    </a>
                ) : (
                    <Button disabled={!isRight} onClick={start}>
                        {t('editor.goal.point.open')}
                    </Button>
                )}
            </div>
            {link && (
                <p class="small soft" role="status">
                    {t('editor.goal.point.waiting')}
                </p>
            )}
            {error !== null && <ErrorNote error={error} />}
        </div>
    );
}

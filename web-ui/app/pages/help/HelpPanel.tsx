// SPDX-License-Identifier: GPL-3.0-or-later
// Help to the page that is open, beside it: what it is for, and the words it uses. The page stays usable.
import { useEffect, useRef, useState } from 'preact/hooks';
import { currentLanguage, t } from '../../lib/i18n';
import type { HelpKey, HelpPages, HelpWords } from '../../messages/help';
import { Button } from '../../ui/Button';
import { Skeleton } from '../../ui/feedback';
import { GLOSSARY } from './glossary';

type Help = { pages: HelpPages; words: HelpWords };

function useHelp(): Help | null {
    const [help, setHelp] = useState<Help | null>(null);
    useEffect(() => {
        const load: Promise<Help> =
            currentLanguage() === 'de' ? import('../../messages/de/help') : import('../../messages/en/help');
        void load.then(setHelp);
    }, []);
    return help;
}

function Words({ topics, words }: { topics: HelpKey[]; words: HelpWords }) {
    const used = [...new Set(topics.flatMap((topic) => GLOSSARY[topic]))];
    return (
        <dl class="glossary">
            {used.map((word) => (
                <div key={word}>
                    <dt>{words[word][0]}</dt>
                    <dd>{words[word][1]}</dd>
                </div>
            ))}
        </dl>
    );
}

interface HelpPanelProps {
    id: string;
    topics: HelpKey[];
    onClose: () => void;
}

/* Takes the focus when it opens; Escape closes it from inside. */
export default function HelpPanel({ id, topics, onClose }: HelpPanelProps) {
    const help = useHelp();
    const panel = useRef<HTMLElement>(null);
    useEffect(() => panel.current?.focus(), []);
    const onKeyDown = (event: KeyboardEvent) => {
        if (event.key === 'Escape') onClose();
    };
    return (
        <aside
            class="help no-print"
            id={id}
            aria-labelledby={`${id}-title`}
            tabIndex={-1}
            ref={panel}
            onKeyDown={onKeyDown}
        >
            <div class="row spread">
                <h2 id={`${id}-title`}>{t('help.title')}</h2>
                <Button look="quiet" onClick={onClose} aria-label={t('help.close')}>
                    ×
                </Button>
            </div>
            {help ? (
                <>
                    {topics.flatMap((topic) =>
                        help.pages[topic].split('\n').map((paragraph) => <p key={paragraph}>{paragraph}</p>),
                    )}
                    <h3>{t('help.words')}</h3>
                    <Words topics={topics} words={help.words} />
                </>
            ) : (
                <Skeleton />
            )}
        </aside>
    );
}

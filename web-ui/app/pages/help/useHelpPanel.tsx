// SPDX-License-Identifier: GPL-3.0-or-later
// The button that opens help to the page that is open, and the panel; its code and texts come when first wanted.
import type { ComponentType } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { t } from '../../lib/i18n';
import type { HelpKey } from '../../messages/help';

type Panel = ComponentType<{ id: string; topics: HelpKey[]; onClose: () => void }>;

export function useHelpPanel(topics: HelpKey[]) {
    const [isOpen, setOpen] = useState(false);
    const [Panel, setPanel] = useState<Panel | null>(null);
    const opener = useRef<HTMLButtonElement>(null);
    const id = useId();
    useEffect(() => {
        if (isOpen && !Panel) void import('./HelpPanel').then(({ default: loaded }) => setPanel(() => loaded));
    }, [isOpen]);
    const close = () => {
        setOpen(false);
        opener.current?.focus();
    };
    const isShown = isOpen && Panel !== null;
    const button = topics.length > 0 && (
        <button
            type="button"
            class="button button-quiet help-button"
            ref={opener}
            aria-label={t('help.open')}
            title={t('help.open')}
            aria-expanded={isShown}
            aria-controls={isShown ? id : undefined}
            onClick={() => setOpen(!isOpen)}
        >
            ?
        </button>
    );
    const panel = isShown && topics.length > 0 ? <Panel id={id} topics={topics} onClose={close} /> : null;
    return { button, panel };
}

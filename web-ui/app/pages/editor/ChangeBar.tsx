// SPDX-License-Identifier: GPL-3.0-or-later
// Changes of a started campaign wait here: what they would do is said before they are done.
import { useState } from 'preact/hooks';
import { t } from '../../lib/i18n';
import { Button } from '../../ui/Button';
import { Review } from './Review';
import type { Editing } from './state/editing';

export function ChangeBar({ editing }: { editing: Editing }) {
    const [isOpen, setOpen] = useState(false);
    if (editing.changed.length === 0) return null;
    return (
        <div class="change-bar" role="region" aria-label={t('editor.review.bar')}>
            <span>{t('editor.review.waiting', { count: editing.changed.length })}</span>
            <div class="row">
                <Button onClick={editing.discard}>{t('editor.review.discard')}</Button>
                <Button look="primary" onClick={() => setOpen(true)}>
                    {t('editor.review.open')}
                </Button>
            </div>
            {isOpen && <Review editing={editing} onClose={() => setOpen(false)} />}
        </div>
    );
}

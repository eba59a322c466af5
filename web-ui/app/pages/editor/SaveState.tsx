// SPDX-License-Identifier: GPL-3.0-or-later
// Whether what is on the page is on the server, and what keeps it from there.
import { t } from '../../lib/i18n';
import { Button } from '../../ui/Button';
import type { Editing } from './state/editing';

export function SaveState({ editing }: { editing: Editing }) {
    const { saving, faults, others, isLive, mayEdit } = editing;
    if (!mayEdit)
        return (
            <p class="note">{t(editing.base.status === 'archived' ? 'editor.readOnly.archived' : 'editor.readOnly')}</p>
        );
    const key = isLive && saving === 'waiting' ? 'live' : saving;
    return (
        <div class="stack-small">
            <div class="save-state small" role="status" data-state={saving}>
                <span class="save-dot" aria-hidden="true" />
                {t(`editor.save.${key}`)}
                {saving === 'offline' && (
                    <Button look="quiet" onClick={editing.save}>
                        {t('action.retry')}
                    </Button>
                )}
            </div>
            {faults.map((fault) => (
                <p class="note note-bad" key={fault.pointer} data-pointer={fault.pointer}>
                    {t('editor.save.fault', { text: fault.text, place: fault.pointer })}
                </p>
            ))}
            {others.length > 0 && (
                <p class="note note-warn" role="status">
                    {t('editor.others', { list: others.map((member) => t(`editor.member.${member}`)).join(', ') })}
                </p>
            )}
        </div>
    );
}

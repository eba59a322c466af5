// SPDX-License-Identifier: GPL-3.0-or-later
// Somebody else changed the same: both are shown, and one of them is chosen. Nothing typed is lost before.
import { t } from '../../lib/i18n';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import type { Member } from './state/document';
import type { Editing } from './state/editing';

const asText = (value: unknown): string =>
    typeof value === 'string'
        ? value || t('state.none')
        : value === null
          ? t('state.none')
          : JSON.stringify(value, null, 2);

function Compared({ editing, member, theirs }: { editing: Editing; member: Member; theirs: unknown }) {
    return (
        <div class="stack-small">
            <h3>{t(`editor.member.${member}`)}</h3>
            <div class="columns">
                <div class="stack-small">
                    <span class="small soft">{t('editor.conflict.mine')}</span>
                    <pre class="code compared">{asText(editing.campaign[member])}</pre>
                </div>
                <div class="stack-small">
                    <span class="small soft">{t('editor.conflict.theirs')}</span>
                    <pre class="code compared">{asText(theirs)}</pre>
                </div>
            </div>
        </div>
    );
}

export function ConflictDialog({ editing }: { editing: Editing }) {
    const { conflict, resolve } = editing;
    if (!conflict) return null;
    const actions = (
        <>
            <Button onClick={() => resolve('theirs')}>{t('editor.conflict.takeTheirs')}</Button>
            <Button look="primary" onClick={() => resolve('mine')}>
                {t('editor.conflict.keepMine')}
            </Button>
        </>
    );
    return (
        <Dialog title={t('error.stale')} onClose={() => resolve('mine')} actions={actions}>
            <p>{t('editor.conflict.text')}</p>
            {conflict.members.map((member) => (
                <Compared key={member} editing={editing} member={member} theirs={conflict.theirs[member]} />
            ))}
        </Dialog>
    );
}

// SPDX-License-Identifier: GPL-3.0-or-later
// The moves of a campaign's life, each asked about once more before it is done.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { change } from '../../../lib/api';
import { t } from '../../../lib/i18n';
import { navigate } from '../../../lib/router';
import { useMay, type Role } from '../../../lib/session';
import { Button } from '../../../ui/Button';
import { Confirm } from '../../../ui/Dialog';
import { toast } from '../../../ui/feedback';
import { Menu } from '../../../ui/Menu';
import { decisionOf, draftOf } from '../../decision/decision';
import { DecisionFields } from '../../decision/DecisionFields';
import { CopyCampaign } from './CopyCampaign';
import type { Campaign } from '../state/document';

export const MOVES = ['start', 'pause', 'resume', 'stop', 'archive', 'delete'] as const;
export type Move = (typeof MOVES)[number];

/* As the server has them. */
const POSSIBLE: Record<Campaign['status'], Move[]> = {
    draft: ['delete'],
    running: ['pause', 'stop'],
    paused: ['resume', 'stop'],
    stopped: ['archive'],
    archived: [],
};
const NEEDS: Record<Move, Role> = {
    start: 'publisher',
    pause: 'publisher',
    resume: 'publisher',
    stop: 'publisher',
    archive: 'editor',
    delete: 'editor',
};
const DANGEROUS: Move[] = ['stop', 'delete'];

interface MoveButtonProps {
    move: Move;
    campaign: Pick<Campaign, 'key' | 'name' | 'variants'>;
    path: string;
    look?: 'primary' | 'quiet' | 'plain';
    isDisabled?: boolean;
    note?: ComponentChildren; // what to know before
    before?: () => Promise<void>; // what has to be done first
    onMoved: () => void;
}

export function MoveButton({
    move,
    campaign,
    path,
    look = 'plain',
    isDisabled,
    note,
    before,
    onMoved,
}: MoveButtonProps) {
    const may = useMay(NEEDS[move]);
    const [isAsking, setAsking] = useState(false);
    const [draft, setDraft] = useState(draftOf(null));
    const decision = move === 'stop' ? decisionOf(draft) : null;
    const confirm = async () => {
        await before?.();
        if (move === 'delete') await change('DELETE', path);
        else await change('POST', `${path}/${move}`, decision ? { decision } : undefined);
        toast(t(`editor.move.${move}.done`, { name: campaign.name || campaign.key }));
        if (move === 'delete') navigate('/app/campaigns');
        else onMoved();
    };
    if (!may) return null;
    return (
        <>
            <Button look={look} disabled={isDisabled} onClick={() => setAsking(true)}>
                {t(`editor.move.${move}`)}
            </Button>
            {isAsking && (
                <Confirm
                    title={t(`editor.move.${move}.title`, { name: campaign.name || campaign.key })}
                    text={
                        <div class="stack">
                            <p>{t(`editor.move.${move}.text`)}</p>
                            {note}
                            {move === 'stop' && (
                                <DecisionFields variants={campaign.variants} draft={draft} onDraft={setDraft} />
                            )}
                        </div>
                    }
                    action={t(`editor.move.${move}`)}
                    isDangerous={DANGEROUS.includes(move)}
                    onConfirm={confirm}
                    onClose={() => setAsking(false)}
                />
            )}
        </>
    );
}

/* What can be done with a campaign now. */
export function Moves({ campaign, onMoved }: { campaign: Campaign; onMoved: () => void }) {
    const [isCopying, setCopying] = useState(false);
    const mayEdit = useMay('editor');
    const path = `/campaigns/${encodeURIComponent(campaign.key)}`;
    const [first, ...rest] = POSSIBLE[campaign.status];
    const isFirstOutside = first === 'pause' || first === 'resume';
    return (
        <>
            {isFirstOutside && <MoveButton move={first} campaign={campaign} path={path} onMoved={onMoved} />}
            {mayEdit && (
                <Menu label={t('editor.moves')}>
                    {(isFirstOutside ? rest : POSSIBLE[campaign.status]).map((move) => (
                        <MoveButton key={move} move={move} campaign={campaign} path={path} onMoved={onMoved} />
                    ))}
                    <Button onClick={() => setCopying(true)}>{t('editor.copy')}</Button>
                </Menu>
            )}
            {isCopying && <CopyCampaign campaign={campaign} onClose={() => setCopying(false)} />}
        </>
    );
}

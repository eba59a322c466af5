// SPDX-License-Identifier: GPL-3.0-or-later
// The running campaigns that this one would meet: what both touch, who is seen, and the layer that keeps them apart.
import { formatPercent, t, type MessageKey } from '../../../lib/i18n';
import { Link } from '../../../lib/router';
import { Button } from '../../../ui/Button';
import type { Editing } from '../state/editing';

export interface Collision {
    campaign: string;
    name: string;
    status: string;
    flags: string[];
    selectors: string[];
    places: ('redirect' | 'banner_top' | 'banner_bottom' | 'popin')[];
    is_over: boolean;
    layer: { key: string; free: number } | null;
}

const touched = ({ flags, selectors, places }: Collision): string =>
    [
        ...flags.map((key) => t('collision.flag', { key })),
        ...selectors.map((selector) => t('collision.element', { selector })),
        ...places.map((place) => t(`collision.place.${place}` as MessageKey)),
    ].join(', ');

/* How much of the layer it could have: what it wanted, as far as there is room. */
const shareOf = (editing: Editing, free: number): number => Math.min(free, editing.campaign.layer?.share ?? 1);

function Apart({ collision, editing }: { collision: Collision; editing: Editing }) {
    const { layer, name, campaign } = collision;
    const mayJoin = editing.base.status === 'draft' && editing.mayEdit;
    if (!layer) return <span class="soft">{t('collision.noLayer', { name: name || campaign })}</span>;
    if (layer.free < 0.0001) return <span class="soft">{t('collision.full', { layer: layer.key })}</span>;
    if (!mayJoin) return <span class="soft">{t('collision.started', { layer: layer.key })}</span>;
    const share = shareOf(editing, layer.free);
    return (
        <Button onClick={() => editing.set({ layer: { key: layer.key, share } })}>
            {t('collision.join', { layer: layer.key, share: formatPercent(share, 0) })}
        </Button>
    );
}

export function Collisions({ collisions, editing }: { collisions: Collision[]; editing: Editing }) {
    if (collisions.length === 0) return null;
    return (
        <div class="note note-warn stack-small">
            <strong>{t('collision.title', { count: collisions.length })}</strong>
            <ul class="collisions">
                {collisions.map((one) => (
                    <li key={one.campaign} class="stack-small">
                        <span>
                            <Link to={`/app/campaigns/${encodeURIComponent(one.campaign)}`}>
                                {one.name || one.campaign}
                            </Link>
                            {': '}
                            {t('collision.both', { what: touched(one) })}{' '}
                            {t(one.is_over ? 'collision.theirs' : 'collision.ours')}
                        </span>
                        <Apart collision={one} editing={editing} />
                    </li>
                ))}
            </ul>
        </div>
    );
}

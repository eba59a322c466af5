// SPDX-License-Identifier: GPL-3.0-or-later
import type { Results } from '../../../generated/results';
import type { Campaign } from '../campaigns/campaign';
import { MoveButton } from '../editor/check/Moves';
import type { Campaign as Whole } from '../editor/state/document';
import { ShipButton } from './ShipButton';

interface NextStepProps {
    results: Results;
    campaign: Campaign & Whole;
    onChanged: () => Promise<void>;
}

/* What can be done about a verdict, where it is read. */
export function NextStep({ results, campaign, onChanged }: NextStepProps) {
    const { answer, variant } = results.verdict;
    const isNewest = results.phase === campaign.phase;
    const isOpen = campaign.status === 'running' || campaign.status === 'paused';
    const path = `/campaigns/${encodeURIComponent(campaign.key)}`;
    if (!isNewest) return null;
    if (answer === 'ship' && variant !== null)
        return <ShipButton campaign={campaign} variantKey={variant} onShipped={onChanged} />;
    if ((answer === 'stop' || answer === 'broken') && isOpen)
        return <MoveButton move="stop" campaign={campaign} path={path} onMoved={() => void onChanged()} />;
    return null;
}

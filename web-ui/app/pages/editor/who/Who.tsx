// SPDX-License-Identifier: GPL-3.0-or-later
// Step 2: who takes part, on which pages, and at which moment.
import { t } from '../../../lib/i18n';
import { Builder } from './Builder';
import type { StepProps } from '../state/steps';
import { faultAt } from '../state/editing';
import { Moments } from './Moments';
import { Pages } from './Pages';

export function Who({ editing }: StepProps) {
    const { campaign, faults, set } = editing;
    return (
        <>
            <div class="card stack">
                <h2>{t('editor.who.title')}</h2>
                <Builder
                    condition={campaign.audience}
                    error={faultAt(faults, '/audience', true)}
                    onCondition={(audience) => set({ audience })}
                />
            </div>
            <div class="card stack">
                <h2>{t('editor.where.title')}</h2>
                <p class="soft">{t('editor.where.text')}</p>
                <Pages editing={editing} />
                <Moments editing={editing} />
            </div>
        </>
    );
}

// SPDX-License-Identifier: GPL-3.0-or-later
// How the figures are told, what they are compared with, and how they leave the page.
import type { ComponentChildren } from 'preact';
import { t } from '../../lib/i18n';
import { Button } from '../../ui/Button';
import { SelectField } from '../../ui/Field';
import { Segmented } from '../../ui/parts';
import type { Results } from '../../../generated/results';
import { saveCsv, saveJson } from './report/download';
import { picturesOf, savePng } from './report/png';
import { reportHead } from './report/report';
import { SCALES, type Scale, type View } from './shown';

/* What is told of the figures. 'baseline' null: the control. */
export interface Telling {
    view: View;
    scale: Scale;
    baseline: string | null;
}

interface ToolbarProps {
    results: Results;
    compared: Results | undefined; // as they are shown and saved; undefined: they are being read
    names: Record<string, string>;
    telling: Telling;
    onTelling: (telling: Telling) => void;
    hasBaseline?: boolean; // another one can be asked for
    children?: ComponentChildren;
}

interface DownloadsProps {
    results: Results | undefined;
    names: Record<string, string>;
    children: ComponentChildren;
}

function Downloads({ results, names, children }: DownloadsProps) {
    const save = (how: (results: Results) => void | Promise<void>) => ({
        disabled: !results,
        onClick: () => results && how(results),
    });
    return (
        <div class="row">
            {children}
            <Button look="quiet" {...save(saveCsv)}>
                CSV
            </Button>
            <Button look="quiet" {...save(saveJson)}>
                JSON
            </Button>
            <Button
                look="quiet"
                {...save((read) => savePng(read.campaign, reportHead(read, names), picturesOf(document)))}
            >
                PNG
            </Button>
            <Button look="quiet" title={t('results.print')} onClick={() => window.print()}>
                PDF
            </Button>
        </div>
    );
}

export function Toolbar({ results, compared, names, telling, onTelling, hasBaseline, children }: ToolbarProps) {
    const views = (['frequentist', 'bayesian'] as const).map((value) => ({
        value,
        label: t(`results.view.${value}`),
    }));
    const scales = SCALES.map((value) => ({ value, label: t(`results.scale.${value}`) }));
    const arms = results.variants.map(({ key }) => ({ value: key, label: names[key] ?? key }));
    return (
        <div class="toolbar no-print">
            <Segmented
                label={t('results.view')}
                value={telling.view}
                options={views}
                onValue={(view) => onTelling({ ...telling, view })}
            />
            <Segmented
                label={t('results.scale')}
                value={telling.scale}
                options={scales}
                onValue={(scale) => onTelling({ ...telling, scale })}
            />
            {hasBaseline && arms.length > 1 && (
                <SelectField
                    label={t('results.baseline')}
                    value={telling.baseline ?? results.control ?? ''}
                    options={arms}
                    onValue={(baseline) => onTelling({ ...telling, baseline })}
                />
            )}
            <Downloads results={compared} names={names}>
                {children}
            </Downloads>
        </div>
    );
}

// SPDX-License-Identifier: GPL-3.0-or-later
// What pointer and keys find on the curve of a plan's power, as far as its axis goes.
import { formatPercent, t } from '../../../lib/i18n';
import type { Spot } from '../../../ui/plotSpot';
import type { Plan } from './usePlan';

export const powerSpots = ({ curve, visitors: most }: Plan): Spot[] =>
    curve
        .filter(({ visitors }) => visitors <= most * 2)
        .map(({ visitors, power }) => ({
            x: visitors,
            y: power,
            text: t('planner.curve.spot', { visitors, power: formatPercent(power, 0) }),
        }));

// SPDX-License-Identifier: GPL-3.0-or-later
import type { Results } from '../../../generated/results';
import { t } from '../../lib/i18n';

const YEAR_DAYS = 365;

/* In words; null: unknown, over, or of figures that are not believed. */
export function daysLeft({ answer, days_left: left }: Results['verdict']): string | null {
    if (left === null || left === 0 || answer === 'broken') return null;
    return left > YEAR_DAYS ? t('hero.left.year') : t('hero.left', { count: left });
}

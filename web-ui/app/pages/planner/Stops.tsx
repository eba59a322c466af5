// SPDX-License-Identifier: GPL-3.0-or-later
// How many visitors an always-valid test takes until its call, by the true effect.
import { currentLocale, formatNumber, formatUplift, t } from '../../lib/i18n';
import { Table } from '../../ui/Table';
import type { Plan } from '../editor/state/usePlan';

type Stop = Plan['stops'][number];

const effectOf = ({ uplift, difference }: Stop): string =>
    uplift === null
        ? new Intl.NumberFormat(currentLocale(), { maximumSignificantDigits: 4 }).format(difference)
        : formatUplift(uplift);

export function Stops({ stops }: { stops: Stop[] }) {
    return (
        <section class="card stack-small" aria-labelledby="planner-stops">
            <h2 id="planner-stops">{t('planner.stops.title')}</h2>
            <p class="small soft">{t('planner.stops.text')}</p>
            <Table
                caption={t('planner.stops.title')}
                columns={[
                    { key: 'effect', label: t('planner.stops.effect'), isHead: true, cell: effectOf },
                    {
                        key: 'visitors',
                        label: t('planner.stops.visitors'),
                        isNumber: true,
                        cell: ({ visitors }) => formatNumber(visitors),
                    },
                    {
                        key: 'days',
                        label: t('planner.stops.days'),
                        isNumber: true,
                        cell: ({ days }) => (days === null ? '–' : formatNumber(days)),
                    },
                ]}
                rows={stops}
                rowKey={({ times }) => String(times)}
            />
        </section>
    );
}

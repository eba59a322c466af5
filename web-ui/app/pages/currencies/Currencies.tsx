// SPDX-License-Identifier: GPL-3.0-or-later
// The rates by which money in other currencies is converted, and the currencies that need some.
import { useState } from 'preact/hooks';
import { change } from '../../lib/api';
import { formatDay, formatNumber, t } from '../../lib/i18n';
import { useQuery } from '../../lib/query';
import { useMay } from '../../lib/session';
import { Button } from '../../ui/Button';
import { Confirm } from '../../ui/Dialog';
import { Empty, Loaded } from '../../ui/feedback';
import { Badge, Page } from '../../ui/parts';
import { Table, type Column } from '../../ui/Table';
import { FileForm, OneForm } from './RateForms';
import { isWithoutRate, missing, newestRate, type Rate, type RatedCurrency, type Rates } from './rates';

const REFRESH_MS = 10_000;

const dayText = (day: string | null): string => (day ? formatDay(day) : '–');

/* With all of its digits. */
const rateText = ({ base, rate, currency }: Rate): string =>
    `1 ${base} = ${formatNumber(Number(rate), (rate.split('.')[1] ?? '').length)} ${currency}`;

function Newest({ rates, one }: { rates: Rates; one: RatedCurrency }) {
    const rate = newestRate(rates, one.currency);
    const isOld = one.visitor_count > 0 && isWithoutRate(one, rates.days);
    if (!rate && one.rate_count === 0) return <Badge tone="warn">{t('currencies.none')}</Badge>;
    return (
        <span class="row">
            {rate && <span class="nowrap">{rateText(rate)}</span>}
            {isOld && <Badge tone="warn">{t('currencies.old')}</Badge>}
        </span>
    );
}

function Remove({ one, reload }: { one: RatedCurrency; reload: () => Promise<void> }) {
    const [isOpen, setOpen] = useState(false);
    const remove = async () => {
        await change('DELETE', `/currency-rates?currency=${one.currency}`);
        await reload();
    };
    if (one.rate_count === 0) return null;
    return (
        <>
            <Button onClick={() => setOpen(true)}>{t('action.delete')}</Button>
            {isOpen && (
                <Confirm
                    title={t('currencies.delete', { currency: one.currency })}
                    text={t('currencies.delete.text')}
                    action={t('action.delete')}
                    isDangerous
                    onConfirm={remove}
                    onClose={() => setOpen(false)}
                />
            )}
        </>
    );
}

function columnsOf(rates: Rates, mayChange: boolean, reload: () => Promise<void>): Column<RatedCurrency>[] {
    const columns: Column<RatedCurrency>[] = [
        {
            key: 'currency',
            label: t('currencies.currency'),
            isHead: true,
            sortBy: (one) => one.currency,
            cell: (one) => one.currency,
        },
        { key: 'rate', label: t('currencies.newest'), cell: (one) => <Newest rates={rates} one={one} /> },
        {
            key: 'last',
            label: t('currencies.last'),
            sortBy: (one) => one.last_day,
            cell: (one) => <span class="nowrap">{dayText(one.last_day)}</span>,
        },
        {
            key: 'first',
            label: t('currencies.first'),
            sortBy: (one) => one.first_day,
            cell: (one) => <span class="nowrap">{dayText(one.first_day)}</span>,
        },
        {
            key: 'days',
            label: t('currencies.days'),
            isNumber: true,
            sortBy: (one) => one.rate_count,
            cell: (one) => formatNumber(one.rate_count),
        },
        {
            key: 'visitors',
            label: t('currencies.visitors'),
            isNumber: true,
            sortBy: (one) => one.visitor_count,
            cell: (one) => formatNumber(one.visitor_count),
        },
    ];
    if (mayChange) columns.push({ key: 'remove', label: '', cell: (one) => <Remove one={one} reload={reload} /> });
    return columns;
}

function List({ rates, mayChange, reload }: { rates: Rates; mayChange: boolean; reload: () => Promise<void> }) {
    const without = missing(rates).map(({ currency }) => currency);
    return (
        <>
            {without.length > 0 && (
                <p class="note note-warn" role="status">
                    {t('currencies.missing', { currencies: without.join(', ') })}
                </p>
            )}
            {rates.is_converting && <p class="note">{t('currencies.converting')}</p>}
            {rates.currencies.length === 0 ? (
                <Empty title={t('currencies.empty')}>{t('currencies.empty.text', { currency: rates.currency })}</Empty>
            ) : (
                <section class="card stack" aria-label={t('currencies.list')}>
                    <h2>{t('currencies.list')}</h2>
                    <Table
                        caption={t('currencies.list')}
                        columns={columnsOf(rates, mayChange, reload)}
                        rows={rates.currencies}
                        rowKey={(one) => one.currency}
                    />
                </section>
            )}
        </>
    );
}

export default function Currencies() {
    const query = useQuery<Rates>('/currency-rates?limit=1000', { every: REFRESH_MS });
    const mayChange = useMay('publisher');
    return (
        <Page title={t('nav.currencies')}>
            <Loaded query={query}>
                {(rates) => (
                    <>
                        <p class="soft">{t('currencies.text', { currency: rates.currency, days: rates.days })}</p>
                        <List rates={rates} mayChange={mayChange} reload={query.reload} />
                        {mayChange && (
                            <>
                                <FileForm currency={rates.currency} reload={query.reload} />
                                <OneForm currency={rates.currency} reload={query.reload} />
                            </>
                        )}
                    </>
                )}
            </Loaded>
        </Page>
    );
}

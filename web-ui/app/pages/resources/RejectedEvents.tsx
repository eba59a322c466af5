// SPDX-License-Identifier: GPL-3.0-or-later
import { t } from '../../lib/i18n';
import { reasonText } from '../../lib/refusals';
import { saidOrQuoted } from '../../lib/sentences';
import { text, timeColumn } from './cells';
import { LogPage } from './LogPage';

const REFRESH_MS = 15_000;

export default () => (
    <LogPage
        path="/rejected-events"
        title="nav.rejected"
        empty="rejected.empty"
        every={REFRESH_MS}
        columns={() => [
            timeColumn('received_at', 'rejected.when'),
            { key: 'name', label: t('refusals.event'), isHead: true, cell: (item) => text(item, 'name') },
            {
                key: 'reason',
                label: t('rejected.reason'),
                cell: (item) => (
                    <>
                        <div>{reasonText(text(item, 'reason'))}</div>
                        <div class="small soft">{saidOrQuoted(text(item, 'detail'))}</div>
                    </>
                ),
            },
            {
                key: 'event',
                label: t('rejected.event'),
                cell: (item) => (
                    <details>
                        <summary>{t('rejected.show')}</summary>
                        <pre class="code wrap">{text(item, 'event')}</pre>
                    </details>
                ),
            },
        ]}
    />
);

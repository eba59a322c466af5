// SPDX-License-Identifier: GPL-3.0-or-later
// Where a site brings what was pointed at: the form of another tab takes it, or the editor goes on here.
import { useEffect, useState } from 'preact/hooks';
import { t } from '../../lib/i18n';
import { classOf } from '../../ui/Button';
import { Empty } from '../../ui/feedback';
import { handOver, isTaken, watchPicked } from './waiting';

export default function PickedPage() {
    const [picked] = useState(() => handOver(location.hash));
    const [wasTaken, setTaken] = useState(false);
    useEffect(() => {
        const look = () => setTaken(isTaken()); // the other tab may have been faster than this one's listening
        look();
        return watchPicked(look);
    }, []);
    return (
        <main class="main">
            <div class="page page-narrow">
                {picked ? (
                    <Empty
                        title={t('picked.title')}
                        action={
                            !wasTaken && (
                                <a class={classOf('primary')} href={picked.address}>
                                    {t('picked.go')}
                                </a>
                            )
                        }
                    >
                        <code>{picked.what}</code>
                        <br />
                        {t(wasTaken ? 'picked.taken' : 'picked.waiting')}
                    </Empty>
                ) : (
                    <Empty title={t('picked.none')}>{t('picked.none.text')}</Empty>
                )}
            </div>
        </main>
    );
}

// SPDX-License-Identifier: GPL-3.0-or-later
// A code beside one's own password: added with an app, removed again.
import { useState } from 'preact/hooks';
import { t } from '../../lib/i18n';
import { useQuery } from '../../lib/query';
import { useSession } from '../../lib/session';
import { Button } from '../../ui/Button';
import { Loaded } from '../../ui/feedback';
import { Badge } from '../../ui/parts';
import { AddFactor } from './AddFactor';
import { RemoveFactor } from './RemoveFactor';

interface Factor {
    is_on: boolean;
    recovery_codes_left: number;
}

export function SecondFactor() {
    const { user, reload } = useSession();
    const query = useQuery<Factor>('/account/second_factor');
    const [isOpen, setOpen] = useState(false);
    const close = async () => {
        setOpen(false);
        await Promise.all([query.reload(), reload()]);
    };
    return (
        <section class="card stack" aria-label={t('factor.title')}>
            <Loaded query={query} lines={2}>
                {({ is_on: isOn, recovery_codes_left: left }) => (
                    <>
                        <div class="row spread">
                            <h2>{t('factor.title')}</h2>
                            {isOn && <Badge tone="good">{t('factor.on')}</Badge>}
                        </div>
                        <p class="soft">{isOn ? t('factor.left', { count: left }) : t('factor.text')}</p>
                        {!user?.has_password && !isOn ? (
                            <p class="soft">{t('factor.needsPassword')}</p>
                        ) : (
                            <div>
                                <Button look={isOn ? 'danger' : 'plain'} onClick={() => setOpen(true)}>
                                    {t(isOn ? 'factor.remove' : 'factor.add')}
                                </Button>
                            </div>
                        )}
                        {isOpen && (isOn ? <RemoveFactor onClose={close} /> : <AddFactor onClose={close} />)}
                    </>
                )}
            </Loaded>
        </section>
    );
}

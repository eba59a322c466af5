// SPDX-License-Identifier: GPL-3.0-or-later
// Who gets more of a flag than its default: the campaigns that set it, and of a yes-or-no flag a switch and a share.
import { useState } from 'preact/hooks';
import { formatPercent, t } from '../../lib/i18n';
import { Link } from '../../lib/router';
import { useMay } from '../../lib/session';
import { Button } from '../../ui/Button';
import { Confirm } from '../../ui/Dialog';
import { NumberField } from '../../ui/NumberField';
import { rolloutOf, settingOf, turnOff, turnOn } from './flagRollout';
import type { Campaign } from './served';

interface Props {
    flag: string;
    campaigns: Campaign[];
    reload: () => Promise<void>;
}

/* Asks for the share and says who will feel it. */
function Turn({ flag, campaigns, reload, onClose }: Props & { onClose: () => void }) {
    const own = rolloutOf(campaigns, flag);
    const [share, setShare] = useState<number | null>(own?.coverage ?? 1);
    const confirm = async () => {
        await turnOn(campaigns, flag, share ?? 1);
        await reload();
    };
    return (
        <Confirm
            title={t('flags.turnOn.title', { key: flag })}
            text={
                <div class="stack">
                    <p>{t('flags.turnOn.text')}</p>
                    <NumberField label={t('flags.share')} isPercent value={share} onValue={setShare} />
                </div>
            }
            action={t('flags.turnOn')}
            onConfirm={confirm}
            onClose={onClose}
        />
    );
}

function OnOff(props: Props) {
    const { flag, campaigns, reload } = props;
    const [isOpen, setOpen] = useState<'on' | 'off' | null>(null);
    const mayTurn = useMay('publisher');
    const own = rolloutOf(campaigns, flag);
    const isOn = own?.status === 'running';
    const off = async () => {
        if (own) await turnOff(own);
        await reload();
    };
    return (
        <span class="row">
            <span class="switch">
                <input
                    class="input"
                    type="checkbox"
                    role="switch"
                    aria-label={t('flags.switch', { key: flag })}
                    checked={isOn}
                    disabled={!mayTurn}
                    onClick={(e) => {
                        e.preventDefault();
                        setOpen(isOn ? 'off' : 'on');
                    }}
                />
                <span>{isOn && own ? t('flags.on', { share: formatPercent(own.coverage, 0) }) : t('flags.off')}</span>
            </span>
            {isOn && mayTurn && (
                <Button look="quiet" aria-label={t('flags.share.change', { key: flag })} onClick={() => setOpen('on')}>
                    {t('flags.share')}
                </Button>
            )}
            {isOpen === 'on' && <Turn {...props} onClose={() => setOpen(null)} />}
            {isOpen === 'off' && (
                <Confirm
                    title={t('flags.turnOff.title', { key: flag })}
                    text={t('flags.turnOff.text')}
                    action={t('flags.turnOff')}
                    isDangerous
                    onConfirm={off}
                    onClose={() => setOpen(null)}
                />
            )}
        </span>
    );
}

export function FlagServed({ type, isDefault, ...props }: Props & { type: string; isDefault: boolean }) {
    const { flag, campaigns } = props;
    const own = rolloutOf(campaigns, flag);
    const others = settingOf(campaigns, flag).filter((campaign) => campaign !== own);
    return (
        <div class="stack-small">
            {type === 'boolean' && (isDefault ? <span class="soft">{t('flags.always')}</span> : <OnOff {...props} />)}
            {others.length > 0 && (
                <span class="small">
                    {others.map(({ key, name, coverage }, i) => (
                        <span key={key}>
                            {i > 0 && ', '}
                            <Link to={`/app/campaigns/${encodeURIComponent(key)}`}>{name || key}</Link>{' '}
                            {formatPercent(coverage, 0)}
                        </span>
                    ))}
                </span>
            )}
        </div>
    );
}

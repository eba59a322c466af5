// SPDX-License-Identifier: GPL-3.0-or-later
// What stands around every page: the bar on top and the navigation.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { chooseLanguage, currentLanguage, LANGUAGES, t, type MessageKey } from './lib/i18n';
import { useQuery } from './lib/query';
import { onSeen, seenUntil, unseenCount, type Refusals } from './lib/refusals';
import { Link, usePath } from './lib/router';
import { useMay, useSession } from './lib/session';
import { chooseTheme, chosenTheme, type Theme } from './lib/theme';
import { helpTopics, navigation, type NavigationEntry } from './pages';
import { useHelpPanel } from './pages/help/useHelpPanel';
import { Button } from './ui/Button';
import { SelectField } from './ui/Field';
import { Menu } from './ui/Menu';

const MARK_REFRESH_MS = 30_000;
const THEMES: Theme[] = ['system', 'light', 'dark'];

function Account() {
    const { user, signOut } = useSession();
    const [theme, setTheme] = useState(chosenTheme());
    const onTheme = (value: string) => {
        chooseTheme(value as Theme);
        setTheme(value as Theme);
    };
    return (
        <Menu label={t('app.account')}>
            <div class="small soft">{user?.email}</div>
            {user && <Link to="/app/account">{t('account.title')}</Link>}
            <SelectField
                label={t('app.language')}
                value={currentLanguage()}
                onValue={(value) => chooseLanguage(value as 'en' | 'de')}
                options={LANGUAGES.map((value) => ({ value, label: t(`app.language.${value}`) }))}
            />
            <SelectField
                label={t('app.theme')}
                value={theme}
                onValue={onTheme}
                options={THEMES.map((value) => ({ value, label: t(`app.theme.${value}`) }))}
            />
            <Button onClick={signOut}>{t('app.signOut')}</Button>
        </Menu>
    );
}

function EnvironmentSwitch() {
    const { environment, environments, chooseEnvironment } = useSession();
    return (
        <select
            class="input switcher"
            aria-label={t('app.environment')}
            value={environment.key}
            onChange={(e) => chooseEnvironment(e.currentTarget.value)}
        >
            {environments.map(({ key, name }) => (
                <option key={key} value={key}>
                    {name || key}
                </option>
            ))}
        </select>
    );
}

/* How many reasons there are why events did not count that nobody has looked at here. */
function RefusalMark() {
    const { environment } = useSession();
    const { data } = useQuery<Refusals>('/refusals?days=2&samples=0', { every: MARK_REFRESH_MS });
    const [, redraw] = useState(0);
    useEffect(() => onSeen(() => redraw((n) => n + 1)), []);
    const count = data ? unseenCount(data, seenUntil(environment.key)) : 0;
    if (count === 0) return null;
    const text = t('refusals.mark', { count });
    return (
        <span class="nav-mark" role="img" aria-label={text} title={text}>
            {count}
        </span>
    );
}

function NavigationLink({ entry, path }: { entry: NavigationEntry; path: string }) {
    const isHere = path.startsWith(entry.to) || (path === '/' && entry === navigation[0]);
    return useMay(entry.role) ? (
        <Link to={entry.to} aria-current={isHere ? 'page' : undefined}>
            {t(entry.label)}
            {entry.isMarked && <RefusalMark />}
        </Link>
    ) : null;
}

function Navigation({ path }: { path: string }) {
    const groups = [...new Set(navigation.map((entry) => entry.group))];
    return (
        <nav aria-label={t('app.menu')}>
            {groups.map((group: MessageKey) => (
                <div key={group}>
                    <h2>{t(group)}</h2>
                    {navigation
                        .filter((entry) => entry.group === group)
                        .map((entry) => (
                            <NavigationLink key={entry.to} entry={entry} path={path} />
                        ))}
                </div>
            ))}
        </nav>
    );
}

export function Shell({ children }: { children: ComponentChildren }) {
    const { path } = usePath();
    const { environment } = useSession();
    const [isOpen, setOpen] = useState(false);
    const help = useHelpPanel(helpTopics(path));
    const main = useRef<HTMLElement>(null);
    const before = useRef(path);
    useEffect(() => {
        setOpen(false);
        if (before.current !== path) main.current?.focus({ preventScroll: true });
        before.current = path;
    }, [path]);
    return (
        <div class={help.panel ? 'shell has-help' : 'shell'}>
            <a class="skip" href="#main">
                {t('app.skip')}
            </a>
            <header class="topbar">
                <button
                    type="button"
                    class="button button-quiet menu-button"
                    aria-expanded={isOpen}
                    aria-controls="navigation"
                    onClick={() => setOpen(!isOpen)}
                >
                    {t('app.menu')}
                    <RefusalMark />
                </button>
                <Link to="/" class="brand">
                    {t('app.name')}
                </Link>
                <div class="push row">
                    <EnvironmentSwitch />
                    {help.button}
                    <Account key={path} />
                </div>
            </header>
            <div id="navigation" class={isOpen ? 'sidebar is-open' : 'sidebar'}>
                <Navigation path={path} />
            </div>
            <main id="main" class="main" tabIndex={-1} ref={main}>
                {environment.is_panic && (
                    <p class="note note-bad" role="alert">
                        {t('app.panic')}
                    </p>
                )}
                {children}
            </main>
            {help.panel}
        </div>
    );
}

// SPDX-License-Identifier: GPL-3.0-or-later
// Light or dark: as the system says, unless the user chose.
export type Theme = 'system' | 'light' | 'dark';
const STORED = 'mete.theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

export function chosenTheme(): Theme {
    const stored = localStorage.getItem(STORED);
    return stored === 'light' || stored === 'dark' ? stored : 'system';
}

function apply(): void {
    const theme = chosenTheme();
    document.documentElement.dataset['theme'] = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
}

export function chooseTheme(theme: Theme): void {
    localStorage.setItem(STORED, theme);
    apply();
}

export function startTheme(): void {
    apply();
    dark.addEventListener('change', apply);
}

// SPDX-License-Identifier: GPL-3.0-or-later
// Who is signed in, with which role, and looks at which environment.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

export type Role = 'viewer' | 'editor' | 'publisher' | 'admin';

export interface Environment {
    key: string;
    name: string;
    time_zone: string;
    currency: string;
    is_panic: boolean;
    role: Role; // what the user may do there
}

export interface SessionView {
    user: { id: number; email: string; role: Role; has_password: boolean; has_second_factor: boolean } | null;
    environments: Environment[];
}

export interface Session extends SessionView {
    environment: Environment;
    chooseEnvironment: (key: string) => void;
    signOut: () => void;
    reload: () => Promise<void>;
}

const RANK: Record<Role, number> = { viewer: 0, editor: 1, publisher: 2, admin: 3 };

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
    const session = useContext(SessionContext);
    if (!session) throw new Error('used outside of a session');
    return session;
}

/* May the user do what needs this role, in the environment that is looked at? The server decides; this only hides what
   it would refuse. */
export function useMay(role: Role): boolean {
    const { user, environment } = useSession();
    return user !== null && RANK[environment.role] >= RANK[role];
}

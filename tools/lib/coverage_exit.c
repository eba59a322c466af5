// SPDX-License-Identifier: GPL-3.0-or-later
/* Linked into the programs that tools/coverage builds, in place of _exit: a process that leaves
 * without its exit handlers, as a job does, writes what it has counted, too. */

void __gcov_dump(void);
_Noreturn void __real__exit(int status);
_Noreturn void __wrap__exit(int status);

_Noreturn void __wrap__exit(int status)
{
    __gcov_dump();
    __real__exit(status);
}

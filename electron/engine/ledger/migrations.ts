import { BASE } from './migrations/0001-base.ts'
import { KEEP } from './migrations/0002-keep.ts'
import { GATES_AND_AUDIT } from './migrations/0003-gates-and-audit.ts'
import { REUSE } from './migrations/0004-reuse.ts'
import { HISTORY } from './migrations/0005-history.ts'
import { ENTITY_ACCOUNTS } from './migrations/0006-entity-accounts.ts'
import { SEVERAL_RUNS } from './migrations/0007-several-runs.ts'
import { PLAN_CHANGES } from './migrations/0008-plan-changes.ts'
import { WAITS } from './migrations/0009-waits.ts'
import { TRUST } from './migrations/0010-trust.ts'
import { ARCHIVES } from './migrations/0011-archives.ts'
import { DIFF_EXPORTS } from './migrations/0012-diff-exports.ts'
import { QUARANTINE } from './migrations/0013-quarantine.ts'
import { DELIVERIES } from './migrations/0014-deliveries.ts'
import { REMOTE_SOURCES } from './migrations/0015-remote-sources.ts'
import { QUERIES } from './migrations/0016-queries.ts'

/**
 * The ledger's schema, as numbered steps, a file each. A step that has shipped is never edited, only followed by another.
 * Times are milliseconds since the epoch; states are stored as their words, so that the file explains itself.
 */
export const MIGRATIONS: readonly string[] = [BASE, KEEP, GATES_AND_AUDIT, REUSE, HISTORY, ENTITY_ACCOUNTS, SEVERAL_RUNS, PLAN_CHANGES, WAITS, TRUST, ARCHIVES, DIFF_EXPORTS, QUARANTINE, DELIVERIES, REMOTE_SOURCES, QUERIES]

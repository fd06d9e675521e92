import type { AnalysesStore } from './ledger/analyses.store.ts'
import type { AuditStore } from './ledger/audit.store.ts'
import type { ChecksStore } from './ledger/checks.store.ts'
import type { CodeStore } from './ledger/code.store.ts'
import type { CommandsStore } from './ledger/commands.store.ts'
import type { CursorsStore } from './ledger/cursors.store.ts'
import type { DecisionsStore } from './ledger/decisions.store.ts'
import type { DeliveriesStore } from './ledger/deliveries.store.ts'
import type { EntitiesStore } from './ledger/entities.store.ts'
import type { EventsStore } from './ledger/events.store.ts'
import type { ExportsStore } from './ledger/exports.store.ts'
import type { GatesStore } from './ledger/gates.store.ts'
import type { KeptFilesStore } from './ledger/kept-files.store.ts'
import type { HistoryReader } from './ledger/history.store.ts'
import type { GroupsStore } from './ledger/groups.store.ts'
import type { Ledger } from './ledger/ledger.ts'
import type { MarksStore } from './ledger/marks.store.ts'
import type { PlanChangesStore } from './ledger/plan-changes.store.ts'
import type { PublicationsStore } from './ledger/publications.store.ts'
import type { QuarantineStore } from './ledger/quarantine.store.ts'
import type { QueriesStore } from './ledger/queries.store.ts'
import type { RunsStore } from './ledger/runs.store.ts'
import type { SchedulesStore } from './ledger/schedules.store.ts'
import type { StepsStore } from './ledger/steps.store.ts'
import type { UpkeepStore } from './ledger/upkeep.store.ts'
import type { VersionMetricsStore } from './ledger/version-metrics.store.ts'
import type { VersionsStore } from './ledger/versions.store.ts'
import type { EngineLog } from './engine.ts'
import type { VersionHolds } from './keep/version-holds.ts'
import type { SecretBook } from './secrets/secret-book.ts'
import type { EventHub } from './runs/event-hub.ts'
import type { WorkerPool } from './workers/worker-pool.ts'
import type { WorkspaceModel } from './workspace/model.ts'
import type { TextFile } from './workspace/workspace-files.ts'
import type { Durable } from './zones/durable.ts'
import type { Layout } from './zones/layout.ts'

/** The ledger's stores that the run manager writes through. Controllers get the reading halves. */
export interface Stores {
  ledger: Ledger
  runs: RunsStore
  groups: GroupsStore
  schedules: SchedulesStore
  steps: StepsStore
  versions: VersionsStore
  deliveries: DeliveriesStore
  entities: EntitiesStore
  checks: ChecksStore
  metrics: VersionMetricsStore
  history: HistoryReader
  code: CodeStore
  /** What was found out about SQL texts. */
  analyses: AnalysesStore
  gates: GatesStore
  marks: MarksStore
  quarantine: QuarantineStore
  decisions: DecisionsStore
  events: EventsStore
  exports: ExportsStore
  audit: AuditStore
  commands: CommandsStore
  planChanges: PlanChangesStore
  publications: PublicationsStore
  files: KeptFilesStore
  upkeep: UpkeepStore
  cursors: CursorsStore
  queries: QueriesStore
}

export interface WorkspaceService {
  /** As last read. */
  current(): WorkspaceModel
  /** When it was read, ms since the epoch. */
  checkedAt(): number
  /** Reads every file again. */
  reload(): Promise<WorkspaceModel>
  /** What the workspace would be, and every mistake in it, were one file as it is given. */
  modelWith(file: TextFile): Promise<WorkspaceModel>
}

/** What the engine is made of; wired once, in create-engine.ts. */
export interface EngineParts extends Stores {
  layout: Layout
  durable: Durable
  workspace: WorkspaceService
  workers: WorkerPool
  hub: EventHub
  /** Versions that are being read. */
  holds: VersionHolds
  secrets: SecretBook
  clock: () => number
  log: EngineLog
  /** Part of every manifest. */
  engineVersion: string
}

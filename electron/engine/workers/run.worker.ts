import { rejectedCases } from '../contracts/sift/rejected-cases.ts'
import { sift } from '../contracts/sift/sift.ts'
import { columnLikeness } from '../contracts/column-likeness.ts'
import { runChecks } from '../contracts/run-checks.ts'
import { copyFile } from '../etl/copy-file.ts'
import { extract } from '../etl/extract.ts'
import { fetchRemote } from '../etl/fetch/fetch-remote.ts'
import { lookAtEntities } from '../etl/steps/look-at-entities.ts'
import { installProcessorHooks } from '../etl/steps/load-processor.ts'
import { planEntities } from '../etl/steps/plan-entities.ts'
import { runEntities } from '../etl/steps/run-entities.ts'
import { runSql } from '../etl/steps/run-sql.ts'
import { runSqlChunks } from '../etl/steps/run-sql-chunks.ts'
import { sealChunks } from '../etl/steps/seal-chunks.ts'
import { sealJournal } from '../etl/steps/seal-journal.ts'
import { createWarmDuck } from '../query/warm-duck.ts'
import { serveWorker } from './worker-server.ts'

installProcessorHooks({ strata: new URL('../lib/strata.js', import.meta.url).href })

const warm = createWarmDuck()
serveWorker<'run'>({
  extract,
  copyFile,
  fetch: fetchRemote,
  sql: (input, context) => runSql(warm, input, context),
  planEntities,
  lookAtEntities,
  sqlChunks: runSqlChunks,
  sealChunks,
  entity: runEntities,
  seal: sealJournal,
  sift,
  rejectedCases,
  checks: runChecks,
  likeness: columnLikeness,
})

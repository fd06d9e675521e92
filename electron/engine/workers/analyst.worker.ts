import { processorMistake } from '../etl/steps/processor-syntax.ts'
import { columnLineages } from '../query/column-lineage/statement-lineages.ts'
import { describeStatements } from '../query/describe-statements.ts'
import { openDuck } from '../query/duckdb.ts'
import { findGrainProblems } from '../query/grain-problems.ts'
import { analyseStatements } from '../query/sql-analysis.ts'
import { sqlFunctions } from '../query/sql-functions.ts'
import { typeQueries } from '../query/type-queries.ts'
import { serveWorker } from './worker-server.ts'

/** Parses and types SQL, and reads processors, for checking a workspace. An instance a call, because each call has tables of its own. */
serveWorker<'analyst'>({
  async analyse({ statements }, { init, signal }) {
    using duck = await openDuck(init)
    return await analyseStatements(duck, statements, signal)
  },
  async describe(input, { init, signal }) {
    using duck = await openDuck(init)
    return await describeStatements(duck, input, signal)
  },
  async columnLineage({ statements }, { init, signal }) {
    using duck = await openDuck(init)
    return await columnLineages(duck, statements, signal)
  },
  async typeQueries(input, { init, signal }) {
    using duck = await openDuck(init)
    return await typeQueries(duck, input, signal)
  },
  async functions(_input, { init, signal }) {
    using duck = await openDuck(init)
    return { functions: await sqlFunctions(duck, signal) }
  },
  syntax: ({ texts }) => Promise.resolve(texts.map(processorMistake)),
  async grain(input, { init, signal }) {
    using duck = await openDuck(init)
    return await findGrainProblems(duck, input, signal)
  },
})

import { useQuery } from '@tanstack/react-query'
import type { StepTest, TestBody, TestReport } from '../../../shared/contract/step-tests.contract.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'

/** Which tests: those of a dataset, or one file. */
export type TestsOf = { dataset: string } | { files: string[] }

export interface StepTests {
  tests: readonly StepTest[]
  /** By file; of the text in the editor. */
  reports: ReadonlyMap<string, TestReport>
  isRunning: boolean
  problem: Problem | null
  run: () => void
  /** @throws CONFLICT when the file is another by now */
  save: (path: string, test: TestBody, expected: string | null) => Promise<void>
  remove: (path: string) => Promise<void>
  draft: (dataset: string) => Promise<TestBody>
}

/** Tests of a step and how they end with its text as it is in the editor. */
export function useStepTests(of: TestsOf, sql: string | undefined): StepTests {
  const { client, queries, queryClient } = useApi()
  const list = useQuery(queries.tests.list.queryOptions({ input: of }))
  const run = useQuery({ ...queries.tests.run.queryOptions({ input: { ...of, ...(sql === undefined ? {} : { sql }) } }), staleTime: 0, gcTime: 30_000 })
  const changed = async (): Promise<void> => {
    await Promise.all([queries.tests.key(), queries.pipelines.files.key(), queries.pipelines.read.key(), queries.workspace.key()].map((queryKey) => queryClient.invalidateQueries({ queryKey })))
  }
  const error = list.error ?? run.error
  return {
    tests: list.data ?? [],
    reports: new Map((run.data ?? []).map((report) => [report.file, report])),
    isRunning: run.isFetching,
    problem: error === null ? null : problemOf(error),
    run: () => void queryClient.invalidateQueries({ queryKey: queries.tests.key() }),
    save: async (path, test, expected) => {
      await client.tests.save({ commandId: crypto.randomUUID(), path, test, expected })
      await changed()
    },
    remove: async (path) => {
      const { sha256 } = await client.pipelines.read({ path })
      await client.pipelines.remove({ commandId: crypto.randomUUID(), path, expected: sha256 })
      await changed()
    },
    draft: (dataset) => client.tests.draft({ dataset, rows: 3, ...(sql === undefined ? {} : { sql }) }),
  }
}

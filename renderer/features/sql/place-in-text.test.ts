import { expect, it } from 'vitest'
import { placeInText } from './place-in-text.ts'

const problem = { code: 'SQL_FAILED' as const, message: 'There is no x (line 1, column 8)', details: { offset: 7, line: 1, column: 8 }, retryable: false, hint: null }

it('tells the line of the text, not of the statement', () => {
  expect(placeInText(problem, '-- one\n;SELECT x', 8)).toMatchObject({ message: 'There is no x (line 2, column 9)', details: { offset: 15, line: 2, column: 9 } })
})

it('leaves a problem without a place as it is', () => {
  expect(placeInText({ ...problem, details: {} }, 'SELECT x', 0)).toEqual({ ...problem, details: {} })
})

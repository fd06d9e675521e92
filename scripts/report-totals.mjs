import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { inProject } from './project.mjs'

/** @typedef {{ passed: number, failed: number, skipped: number }} Totals */

/**
 * Where a test runner leaves its JSON report. What an earlier run left is removed.
 * @param {'unit' | 'integration' | 'e2e'} kind
 * @returns {string}
 */
export function reportFile(kind) {
  mkdirSync(inProject('.cache', 'reports'), { recursive: true })
  return inProject('.cache', 'reports', `${kind}.json`)
}

export function forgetReports() {
  rmSync(inProject('.cache', 'reports'), { recursive: true, force: true })
}

/** @returns {Totals} of everything that ran */
export function readTotals() {
  return [vitestTotals(readReport('unit')), vitestTotals(readReport('integration')), e2eTotals(readReport('e2e'))].reduce(add)
}

/**
 * @param {any} report of Vitest. A file that could not even be loaded has no tests, but is a failure
 * @returns {Totals}
 */
export function vitestTotals(report) {
  if (report === null) return { passed: 0, failed: 0, skipped: 0 }
  const brokenFiles = report.testResults.filter(
    (/** @type {{ status: string, assertionResults: unknown[] }} */ file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length
  return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles, skipped: report.numPendingTests + report.numTodoTests }
}

/**
 * @param {any} report of Playwright. An error outside of any test is a failure
 * @returns {Totals}
 */
export function e2eTotals(report) {
  if (report === null) return { passed: 0, failed: 0, skipped: 0 }
  const { expected, unexpected, flaky, skipped } = report.stats
  return { passed: expected, failed: unexpected + flaky + report.errors.length, skipped }
}

/**
 * @param {Totals} a
 * @param {Totals} b
 * @returns {Totals}
 */
function add(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }
}

/** @param {'unit' | 'integration' | 'e2e'} kind */
function readReport(kind) {
  const file = reportFile(kind)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
}

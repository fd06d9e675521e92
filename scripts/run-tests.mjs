import { CHECK_STAGES, runVitest } from './check.mjs'
import { ensureChromium } from './chromium.mjs'
import { findElectron, hasDisplay, isOverridden } from './electron-binary.mjs'
import { secondsSince } from './project.mjs'
import { forgetReports, readTotals, reportFile } from './report-totals.mjs'
import { run, runStages } from './stages.mjs'

const onlyE2e = process.argv[2] === 'e2e'
const playwrightArgs = process.argv.slice(onlyE2e ? 3 : 2)
const startedAt = performance.now()
forgetReports()
const failed = await runStages([
  ...CHECK_STAGES.filter(({ name }) => !onlyE2e || name === 'build'),
  ...(onlyE2e ? [] : [{ name: 'integration', run: () => runVitest('integration') }]),
  { name: 'end to end', run: endToEnd },
])
const totals = readTotals()
if (totals.skipped > 0) console.log(`\n${totals.skipped} skipped`)
console.log(failed.length === 0 ? `\nAll stages passed (${secondsSince(startedAt)})` : `\nFailed stages: ${failed.join(', ')} (${secondsSince(startedAt)})`)
console.log(`${totals.passed} passed, ${totals.failed} failed`)
process.exitCode = failed.length === 0 && totals.failed === 0 ? 0 : 1

async function endToEnd() {
  let chromium
  try {
    chromium = await ensureChromium(console.log)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return false
  }
  console.log(`Browser: ${chromium}`)
  const skipped = whyNoElectron()
  console.log(skipped === null ? `Electron: ${findElectron()}` : `Electron specs are skipped: ${skipped}`)
  const projects = ['--project=browser', ...(skipped === null ? ['--project=electron'] : [])]
  return run('playwright', ['test', ...projects, ...playwrightArgs], { env: { STRATA_CHROMIUM: chromium, STRATA_E2E_REPORT: reportFile('e2e') } })
}

/** @returns {string | null} */
function whyNoElectron() {
  if (findElectron() === null) return "Electron's binary is not here (npx install-electron fetches it)"
  return hasDisplay() || isOverridden() ? null : 'there is no display (xvfb-run npm test brings one)'
}

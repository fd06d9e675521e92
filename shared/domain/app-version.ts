declare const __STRATA_VERSION__: string | undefined

/** Strata's version, as the build found it in package.json; `0.0.0` where the sources run unbuilt, as in unit tests. */
export const APP_VERSION: string = typeof __STRATA_VERSION__ === 'string' ? __STRATA_VERSION__ : '0.0.0'

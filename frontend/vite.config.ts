import { defineConfig } from "vitest/config";

export default defineConfig({
  build: {
    lib: {
      entry: "src/index.ts",
      formats: ["es"],
      fileName: () => "stellantis-connect.js",
    },
    outDir: "../custom_components/stellantis_connect/frontend",
    emptyOutDir: false,
    target: "es2022",
    // Without the comments that name the files of modules, the build is the same everywhere.
    rolldownOptions: { output: { minify: true, codeSplitting: false } },
  },
  // The blueprints are beside this folder.
  server: { fs: { allow: [".."] } },
  test: { environment: "happy-dom" },
});

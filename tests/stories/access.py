"""What axe says about a screen: nothing, if everybody can use it."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page

AXE = Path(__file__).resolve().parents[1] / "browser" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

SETTLED = """() => Promise.all(
    document.getAnimations()
        .filter((animation) => animation.effect.getComputedTiming().endTime !== Infinity)
        .map((animation) => animation.finished.catch(() => null))
)"""


async def barriers(page: Page) -> list[str]:
    """Each rule of axe that the page breaks once nothing on it is changing colour, with the place."""
    await page.evaluate(SETTLED)
    # Evaluated, not loaded as a script: the pages' Content-Security-Policy stays as it is.
    await page.evaluate(AXE.read_text())
    found = await page.evaluate(
        "tags => axe.run(document, { runOnly: tags, resultTypes: ['violations'] }).then(r => r.violations)",
        TAGS,
    )
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: {node['target']} {node.get('failureSummary', '')}"
        for rule in found
        for node in rule["nodes"]
    ]

"""The `repro` command line. Each command is a module of `repro.commands`."""

import typer

from repro.commands.compare import compare
from repro.commands.eval import evaluate
from repro.commands.recipes import recipes
from repro.commands.report import report
from repro.commands.rescore import rescore_file
from repro.commands.run import run
from repro.commands.sandbox import sandbox
from repro.commands.self_check import run_self_check
from repro.commands.testcases import make_testcases
from repro.commands.verify import verify

HELP = """Train, score and compare by the recipe of Kimi k1.5 (arXiv:2501.12599).

\b
[bold]Examples[/bold]
  repro run countdown --seed 0
  repro run countdown --set rl.iterations=4 --out runs/short
  repro eval ~/models/mine --benchmark puzzles --samples 4
  repro compare runs/countdown-seed0 --baseline sft
  repro verify --kind math --response "The answer is 1/2." --reference 0.5
  repro rescore samples_gsm8k.jsonl --benchmark gsm8k
  repro self-check
  repro sandbox check
"""
EPILOG = """Each command that ends takes --json.

Exit codes: 0 done, 1 the run failed, 2 bad input, 130 stopped."""

app = typer.Typer(
    help=HELP,
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["--help", "-h"]},
)

app.command("run")(run)
app.command("recipes")(recipes)
app.command("eval")(evaluate)
app.command("compare")(compare)
app.command("report")(report)
app.command("verify")(verify)
app.command("rescore")(rescore_file)
app.command("self-check")(run_self_check)
app.command("testcases")(make_testcases)
app.add_typer(sandbox, name="sandbox")

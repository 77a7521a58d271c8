using NextItem.Cli;
using NextItem.Cli.Output;

TerminalThatMayGo.Use();
var signals = new StopSignals(Console.Error, isServer: args is ["serve", ..]);
return signals.ExitCodeOr(await CommandLine.RunAsync(args, Console.Out, Console.Error, signals.Token));

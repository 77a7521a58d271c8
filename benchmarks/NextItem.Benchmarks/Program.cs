using BenchmarkDotNet.Running;
using NextItem.Benchmarks;

if (args is ["training", ..])
    return TrainingRate.Run(args[1..]);
if (args is ["scoring", ..])
    return ScoringRate.Run(args[1..]);
if (args.Length == 0)
{
    Console.WriteLine("training [runs]      mini-batches/s of whole training steps on the generated log, beside the processor's FMA rate");
    Console.WriteLine("scoring [runs]       events/s of full ranking and milliseconds of a recommendation, beside the rate of our large matrix product");
    Console.WriteLine("--filter '*'         kernels against what they replaced (BenchmarkDotNet)");
    return 0;
}

BenchmarkSwitcher.FromAssembly(typeof(TrainingRate).Assembly).Run(args);
return 0;

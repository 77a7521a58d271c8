using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using NextItem.Hosting;

var builder = Host.CreateApplicationBuilder();
builder.Services.AddNextItem(args[0]); // a model file; a new one under the same path is taken in while this runs
using var host = builder.Build();
await host.StartAsync();

var recommender = host.Services.GetRequiredService<LiveRecommender>();
Console.WriteLine($"{recommender.Model.Algorithm} {recommender.Model.Version}, {recommender.Model.Items} items");
foreach (var (item, score) in recommender.Recommend(args[1..], 3).Items)
    Console.WriteLine($"{item} {score:R}");

var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
Console.WriteLine(health.Status);
await host.StopAsync();

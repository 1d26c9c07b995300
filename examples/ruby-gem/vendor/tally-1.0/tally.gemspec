Gem::Specification.new do |gem|
  gem.name = "tally"
  gem.version = "1.0"
  gem.summary = "Counts words"
  gem.authors = ["Vivarium"]
  gem.files = ["lib/tally.rb"]
end

# Runs a module of Ruby's own tests in this interpreter, since a guest has no other process to run it in: a file below test/ by
# the runner that the tests bring along, or a directory of spec/ruby by mspec. What became of each test is then in
# /results.xml, as test runners write it; without that file, the run has ended in the middle.
#
#   ruby /suite.rb MODULE
class Results
  RANK = %w[skipped passed failure error].freeze

  def initialize
    @tests = {}
  end

  # Of a test that is told of several times, the worst counts.
  def add(name, verdict, error = nil)
    name = name.to_s
    return if @tests[name] && RANK.index(@tests[name].first) > RANK.index(verdict)

    @tests[name] = [verdict, error ? "#{error.class}: #{error.message} #{error.backtrace&.first}" : ""]
  end

  def write(path)
    File.open(path, "w") do |out|
      out << "<testsuite>\n"
      @tests.each do |name, (verdict, message)|
        out << "<testcase name=\"#{xml(name)}\">"
        out << "<#{verdict} message=\"#{xml(message)}\"/>" unless verdict == "passed"
        out << "</testcase>\n"
      end
      out << "</testsuite>\n"
    end
  end

  private

  def xml(text)
    text.dup.force_encoding("UTF-8").scrub("?").gsub(/[^\u{20}-\u{7e}\u{a0}-\u{d7ff}]/) { |c| format("\\u%04x", c.ord) }
        .gsub("&", "&amp;").gsub("<", "&lt;").gsub('"', "&quot;")
  end
end

# The classes of test/, each method a test.
module UnitTests
  RESULTS = Results.new

  # Libraries in C that this interpreter is built without. A file of tests that requires one is run all the same, and what needs
  # it in there fails by itself.
  MISSING = %w[-test-/file io/nonblock socket].freeze

  # What ends the interpreter, and all tests with it, is not run and counts as an error: continuations, which copy the machine's
  # stack, which no guest can, and a recursion that meets the end of the stack in C.
  DEADLY = /callcc|huge_iter_level|iterlevel_in_ivar/

  module Survival
    def run_test(name)
      raise "would end the interpreter" if DEADLY.match?(name)

      super
    end
  end

  # What the runner hears of each test.
  module Recorder
    def record(suite, method, assertions, time, error)
      verdict =
        case error
        when nil then "passed"
        when Test::Unit::PendedError then "skipped"
        when Test::Unit::AssertionFailedError then "failure"
        else "error"
        end
      RESULTS.add("#{suite}##{method}", verdict, verdict == "passed" ? nil : error)
      super
    end
  end

  def self.run(file)
    # Without what tool/test/init adds: it looks after each test for processes that are left.
    $LOAD_PATH.unshift "/ruby/tool/lib"
    require "test/unit"
    $LOADED_FEATURES.concat MISSING.map { |library| "#{library}.so" }
    Object.const_set :Socket, Class.new # asked for what it has while tests are defined
    # The tests are run now, and not when this process ends.
    Test::Unit::Runner.class_variable_set(:@@stop_auto_run, true)
    runner = Test::Unit::Runner.new
    Test::Unit::Runner.runner = runner
    runner.singleton_class.prepend Recorder
    require file
    Test::Unit::TestCase.prepend Survival
    runner.run ["--verbose", "--test-order=sorted"]
    RESULTS
  end
end

# The examples of spec/ruby.
module Specs
  # What mspec tells of each example.
  class Listener
    attr_reader :results

    def initialize
      @results = Results.new
    end

    def before(state)
      @broken = false
      say state.description
    end

    def exception(state)
      @broken = true
      @results.add state.description, state.failure? ? "failure" : "error", state.exception
      say state.message
    end

    def after(state)
      @results.add state.description, "passed" unless @broken
    end

    private

    # At once, as the interpreter may end any moment.
    def say(line)
      $stdout.puts line
      $stdout.flush
    end
  end

  def self.run(directory)
    $LOAD_PATH.unshift "/ruby/spec/mspec/lib"
    ENV["MSPEC_RUNNER"] = "1"
    # Nobody can start it; what tries to fails by itself.
    Object.const_set :RUBY_EXE, "ruby"
    require "mspec"
    require "mspec/utils/script"
    listener = Listener.new
    %i[before exception after].each { |event| MSpec.register event, listener }
    MSpec.register_files Dir["#{directory}/**/*_spec.rb"].sort
    MSpec.process
    listener.results
  end
end

name = ARGV.shift
Dir.chdir "/ruby"
ENV["HOME"] = "/tmp" # the specs put a slash behind it
results = name.start_with?("test/") ? UnitTests.run("/ruby/#{name}.rb") : Specs.run("/ruby/spec/ruby/#{name}")
results.write "/results.xml"
